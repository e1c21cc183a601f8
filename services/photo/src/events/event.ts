import { z } from 'zod';
import type { EventRow } from '../db/schema.ts';
import { facesUntilOf } from './retention.ts';

export const visibilities = ['matches', 'unlisted', 'public'] as const;

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

/** What anyone who may look sees of an event; the share token and how long faces are kept only its creators. */
export interface EventView extends Readonly<z.infer<typeof eventFacts>> {
  readonly retentionDays: number;
  readonly isOwn: boolean;
  readonly shareToken?: string;
  readonly facesUntil?: string;
}

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

export function viewOf(row: EventRow, isOwn: boolean): EventView {
  return {
    ...factsOf(row),
    retentionDays: row.retention_days,
    isOwn,
    ...(isOwn ? { shareToken: row.share_token, facesUntil: facesUntilOf(row).toISOString() } : {}),
  };
}
