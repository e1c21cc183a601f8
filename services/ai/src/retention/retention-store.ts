import type { Db } from '@kilas/platform/db/database.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import { sql, type Transaction } from 'kysely';
import type { AiSchema } from '../db/schema.ts';
import type { ErasedVector } from '../erasures/erased-vector.ts';

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

/** What is due when faces that were stored after `settledBefore` are left alone. */
export interface Due {
  readonly now: Date;
  readonly settledBefore: Date;
  /** Photos without an event that were uploaded before are due. */
  readonly uploadedBefore: Date;
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

/** Under all packs, with the matches that rest on them, so many at most; answers the vectors. No pack looks at the photos again. */
export async function deleteFacesOfEvent(
  tx: Transaction<AiSchema>,
  eventId: string,
  due: Due,
  limit: number,
): Promise<ErasedVector[]> {
  // Photos are locked before faces, as by whoever erases a member.
  await sql`
    with doomed as (
      select photo_id, pack_id from photo_recognitions
      where event_id = ${eventId} and faces_erased_at is null and recognised_at <= ${due.settledBefore}
      order by photo_id, pack_id for update
    )
    update photo_recognitions r set faces_erased_at = ${due.now} from doomed
    where r.photo_id = doomed.photo_id and r.pack_id = doomed.pack_id`.execute(tx);
  const { rows } = await sql<ErasedVector>`
    with doomed as (
      select face_id from faces where event_id = ${eventId} and created_at <= ${due.settledBefore}
      order by face_id limit ${limit} for update
    )
    delete from faces using doomed where faces.face_id = doomed.face_id
    returning faces.pack_id as "packId", faces.embedding::text as embedding`.execute(tx);
  return rows;
}

/** Photos without an event whose time has come, the oldest first; locked, as above. Answers since when the first one is due. */
export async function lockDuePhotos(
  tx: Transaction<AiSchema>,
  due: Due,
  limit: number,
): Promise<{ photoIds: string[]; oldestUpload: Date | undefined }> {
  const { rows } = await sql<{ photo_id: string; uploaded_at: Date }>`
    select photo_id, coalesce(uploaded_at, recognised_at) as uploaded_at from photo_recognitions
    where event_id is null and faces_erased_at is null and coalesce(uploaded_at, recognised_at) <= ${due.uploadedBefore}
      and recognised_at <= ${due.settledBefore}
    order by coalesce(uploaded_at, recognised_at), photo_id limit ${limit} for update skip locked`.execute(tx);
  return { photoIds: [...new Set(rows.map((row) => row.photo_id))], oldestUpload: rows[0]?.uploaded_at };
}

/** Under all packs, with the matches that rest on them; answers the vectors. */
export async function deleteFacesOfPhotos(
  tx: Transaction<AiSchema>,
  photoIds: readonly string[],
  now: Date,
): Promise<ErasedVector[]> {
  if (photoIds.length === 0) return [];
  const { rows } = await sql<ErasedVector>`
    with doomed as (select face_id from faces where photo_id = any(${[...photoIds]}::uuid[]) order by face_id for update)
    delete from faces using doomed where faces.face_id = doomed.face_id
    returning faces.pack_id as "packId", faces.embedding::text as embedding`.execute(tx);
  await sql`update photo_recognitions set faces_erased_at = ${now} where photo_id = any(${[...photoIds]}::uuid[])`.execute(
    tx,
  );
  return rows;
}

/** Notes faces of one event (null: of photos without one) in the row that is open for it; answers its id. */
export async function noteExpired(
  tx: Transaction<AiSchema>,
  expired: { eventId: string | null; dueAt: Date; faceCount: number; now: Date },
): Promise<string> {
  const { rows } = await sql<{ erasure_id: string }>`
    insert into erasures (erasure_id, reason, event_id, due_at, face_count, erased_at)
    values (${newId()}, 'retention', ${expired.eventId}, ${expired.dueAt}, ${expired.faceCount}, ${expired.now})
    on conflict (coalesce(event_id, '00000000-0000-0000-0000-000000000000'))
      where reason = 'retention' and gone_at is null
    do update set face_count = erasures.face_count + excluded.face_count, erased_at = excluded.erased_at,
      due_at = least(erasures.due_at, excluded.due_at)
    returning erasure_id`.execute(tx);
  const id = rows[0]?.erasure_id;
  if (id === undefined) throw new Error('an erasure was not noted');
  return id;
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
