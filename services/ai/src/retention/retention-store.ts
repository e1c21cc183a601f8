import type { Db } from '@kilas/platform/db/database.ts';
import { sql, type Transaction } from 'kysely';
import type { AiSchema } from '../db/schema.ts';
import type { Due } from '../faces/expired-face-store.ts';

export async function upsertRetention(
  tx: Transaction<AiSchema>,
  retention: { eventId: string; facesUntil: Date },
): Promise<void> {
  await tx
    .insertInto('event_retentions')
    .values({ event_id: retention.eventId, faces_until: retention.facesUntil })
    .onConflict((conflict) => conflict.column('event_id').doUpdateSet({ faces_until: retention.facesUntil }))
    .execute();
}

/**
 * An event whose retention ended and which still has faces, the longest due first; locked, one that another replica works on is
 * passed over.
 */
export async function lockDueEvent(
  tx: Transaction<AiSchema>,
  due: Due,
): Promise<{ eventId: string; dueAt: Date } | undefined> {
  const row = await tx
    .selectFrom('event_retentions as r')
    .select(['r.event_id', 'r.faces_until'])
    .where('r.faces_until', '<=', due.now)
    .where(sql<boolean>`exists (
      select from faces f where f.event_id = r.event_id and f.created_at <= ${due.settledBefore})`)
    .orderBy('r.faces_until')
    .orderBy('r.event_id')
    .limit(1)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
  return row === undefined ? undefined : { eventId: row.event_id, dueAt: row.faces_until };
}

/** Since when the longest overdue faces should be gone: those that still stand, and those erased but not proven to be gone. */
export async function findOldestOverdue(db: Db<AiSchema>, due: Pick<Due, 'now' | 'uploadedBefore'>): Promise<number> {
  const { rows } = await sql<{ seconds: number }>`
    select coalesce(max(seconds), 0)::float8 as seconds from (
      select extract(epoch from ${due.now}::timestamptz - r.faces_until) as seconds from event_retentions r
        where r.faces_until <= ${due.now} and exists (select from faces f where f.event_id = r.event_id)
      union all
      (select extract(epoch from ${due.uploadedBefore}::timestamptz - coalesce(uploaded_at, recognised_at))
        from photo_recognitions where event_id is null and faces_erased_at is null
          and coalesce(uploaded_at, recognised_at) <= ${due.uploadedBefore}
        order by coalesce(uploaded_at, recognised_at) limit 1)
      union all
      select extract(epoch from ${due.now}::timestamptz - due_at) from erasures where gone_at is null
      union all
      (select extract(epoch from ${due.now}::timestamptz - erase_at) from cut_off_places
        where erase_at <= ${due.now} order by erase_at limit 1)
      union all
      select extract(epoch from ${due.now}::timestamptz - cut_off_until) from erasures
        where cut_off_until <= ${due.now} and cut_off_gone_at is null
    ) overdue`.execute(db);
  return rows[0]?.seconds ?? 0;
}
