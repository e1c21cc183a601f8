import { z } from 'zod';
import type { JournalEntry } from './event-journal.ts';

const entrySchema = z.object({
  eventId: z.uuid(),
  type: z.string(),
  key: z.string(),
  occurredAt: z.iso.datetime().transform((time) => new Date(time)),
  payload: z.json(),
});

/** A line of JSON. */
export function entryToText(entry: JournalEntry): string {
  return `${JSON.stringify({ ...entry, occurredAt: entry.occurredAt.toISOString() })}\n`;
}

/** Throws for anything but a whole entry. */
export function entryFromText(text: string): JournalEntry {
  return entrySchema.parse(JSON.parse(text));
}
