import { exactTimeText } from '@kilas/platform/db/stored-time.ts';
import { z } from 'zod';
import type { EventRow } from '../db/schema.ts';

export const visibilities = ['matches', 'unlisted', 'public'] as const;

/** Where a page by start ended. */
export const startPosition = z
  .tuple([exactTimeText, z.guid()])
  .transform(([startsAt, eventId]) => ({ startsAt, eventId }));

/** What an event is to everybody who may see it, or is invited to it. */
export const eventFacts = z.object({
  eventId: z.guid(),
  name: z.string(),
  startsAt: z.iso.datetime(),
  endsAt: z.iso.datetime(),
  timeZone: z.string(),
  place: z.string().nullable(),
  visibility: z.enum(visibilities),
});

export function factsOf(
  row: Pick<EventRow, 'event_id' | 'name' | 'starts_at' | 'ends_at' | 'time_zone' | 'place' | 'visibility'>,
): z.infer<typeof eventFacts> {
  return {
    eventId: row.event_id,
    name: row.name,
    startsAt: row.starts_at.toISOString(),
    endsAt: row.ends_at.toISOString(),
    timeZone: row.time_zone,
    place: row.place,
    visibility: row.visibility,
  };
}
