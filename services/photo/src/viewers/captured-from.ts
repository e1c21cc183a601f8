import { type RawBuilder, sql } from 'kysely';

/** By what a wall clock became an instant: its own offset, the zone of the event or of the creator; or not at all, and it is the upload's. */
export const capturedZones = ['file', 'event', 'creator', 'upload'] as const;
export type CapturedZone = (typeof capturedZones)[number];

/** Photography is older, scans of it seldom. */
const oldestCapture = new Date('1900-01-01T00:00:00Z');

/**
 * `captured_at` and `captured_zone` for an update of `photos`, of a wall clock and an event that may be its columns or new values: the
 * instant by the file's own offset, else in the event's time zone, else in that of the creator when they sent the photo. What is missing, later
 * than `latest` or than a day after the event, is the time of the upload, or the event's end where that was before. So nobody comes first in an
 * event by a clock that runs ahead, or by none. Read in the statement that changes the row, so that two changes at once end
 * as one after the other. An hour that a zone leaves out is read as the one after it, one that it has twice as the later one.
 */
export function captureOf(
  read: { local: RawBuilder<string | null>; offset: RawBuilder<string | null>; eventId: RawBuilder<string | null> },
  latest: Date,
): { captured_at: RawBuilder<Date>; captured_zone: RawBuilder<CapturedZone> } {
  const { local, offset, eventId } = read;
  const eventZone = sql`(select e.time_zone from events e where e.event_id = ${eventId})`;
  const zone = sql`coalesce(${eventZone}, photos.creator_time_zone)`;
  const instant = sql`(case when ${offset} is not null then (${local} || ${offset})::timestamptz
    else ${local}::timestamp at time zone ${zone} end)`;
  const eventEnd = sql`(select e.ends_at from events e where e.event_id = ${eventId})`;
  const isPlausible = sql`coalesce(${instant} between ${oldestCapture}::timestamptz
    and least(${latest}::timestamptz, ${eventEnd} + interval '1 day'), false)`;
  return {
    // Nothing is taken after it was sent.
    captured_at: sql<Date>`least(photos.uploaded_at, case when ${isPlausible} then ${instant} else ${eventEnd} end)`,
    captured_zone: sql<CapturedZone>`case when not ${isPlausible} then 'upload' when ${offset} is not null then 'file'
      when ${eventId} is not null then 'event' else 'creator' end`,
  };
}

/** How a capture time was found, for those who are shown it; null for photos of a release that did not keep it. */
export interface CapturedFrom {
  readonly source: string;
  readonly field: string | null;
  readonly zone: CapturedZone;
}

export function capturedFromOf(row: {
  captured_field: string | null;
  captured_zone: CapturedZone | null;
}): CapturedFrom | null {
  if (row.captured_zone === null) return null;
  if (row.captured_zone === 'upload' || row.captured_field === null)
    return { source: 'upload', field: null, zone: 'upload' };
  const [source = '', ...field] = row.captured_field.split(':');
  return { source, field: field.join(':'), zone: row.captured_zone };
}
