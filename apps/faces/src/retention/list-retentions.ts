import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import { z } from 'zod';

const clock = z.object({
  /** Null: photos without an event. */
  eventId: z.string().nullable(),
  /** Null for photos without an event: each has its own. */
  facesUntil: z.date().nullable(),
  /** Faces that stand. */
  faces: z.number(),
  /** Faces that were erased when their time had come, in all. */
  erased: z.number(),
  /** When the last of these were found by no search any more. */
  unsearchableAt: z.date().nullable(),
  /** When the last of these were physically gone; null while some are not proven to be. */
  goneAt: z.date().nullable(),
  /** Erased vectors that were still found. */
  survivors: z.number(),
  overdueSeconds: z.number(),
});

export type RetentionClock = z.output<typeof clock>;

/** What ai's tables say of each event, the next that ends first. */
export async function listRetentions<Schema>(db: Kysely<Schema>, now: Date): Promise<RetentionClock[]> {
  const { rows } = await sql`
    with standing as (
      select event_id, count(*)::int as faces from faces group by event_id
    ), erased as (
      select event_id, sum(face_count)::int as erased, max(unsearchable_at) as unsearchable_at,
        case when bool_and(gone_at is not null) then max(gone_at) end as gone_at, sum(survivors)::int as survivors,
        min(due_at) filter (where gone_at is null) as open_since
      from erasures where reason = 'retention' group by event_id
    ), known as (
      select event_id, faces_until from event_retentions
      union select event_id, null from standing where event_id is null
      union select event_id, null from erased where event_id is null
    )
    select k.event_id as "eventId", k.faces_until as "facesUntil", coalesce(s.faces, 0) as faces,
      coalesce(e.erased, 0) as erased, e.unsearchable_at as "unsearchableAt", e.gone_at as "goneAt",
      coalesce(e.survivors, 0) as survivors,
      greatest(0, coalesce(extract(epoch from ${now}::timestamptz - case when s.faces > 0 then least(k.faces_until, e.open_since)
        else e.open_since end), 0))::float8 as "overdueSeconds"
    from known k
    left join standing s on s.event_id is not distinct from k.event_id
    left join erased e on e.event_id is not distinct from k.event_id
    order by k.faces_until nulls last, k.event_id`.execute(db);
  return z.array(clock).parse(rows);
}
