import { sql, type Transaction } from 'kysely';
import type { AiSchema } from '../db/schema.ts';
import type { ErasedVector } from '../erasures/erased-vector.ts';

/** What is due when faces that were stored after `settledBefore` are left alone. */
export interface Due {
  readonly now: Date;
  readonly settledBefore: Date;
  /** Photos without an event that were uploaded before are due. */
  readonly uploadedBefore: Date;
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
