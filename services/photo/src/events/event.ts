import type { EventRow } from '../db/schema.ts';

export const visibilities = ['matches', 'unlisted', 'public'] as const;

/** What anyone who may look sees of an event; the share token only its creators. */
export interface EventView {
  readonly eventId: string;
  readonly name: string;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly timeZone: string;
  readonly place: string | null;
  readonly visibility: EventRow['visibility'];
  readonly retentionDays: number;
  readonly isOwn: boolean;
  readonly shareToken?: string;
}

export function viewOf(row: EventRow, isOwn: boolean): EventView {
  return {
    eventId: row.event_id,
    name: row.name,
    startsAt: row.starts_at.toISOString(),
    endsAt: row.ends_at.toISOString(),
    timeZone: row.time_zone,
    place: row.place,
    visibility: row.visibility,
    retentionDays: row.retention_days,
    isOwn,
    ...(isOwn ? { shareToken: row.share_token } : {}),
  };
}

/** Whether a name is in the IANA time zone database, as far as this runtime knows it. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return /^[A-Za-z]/.test(name);
  } catch {
    return false;
  }
}
