import { sql, type Transaction } from 'kysely';
import type { AiSchema } from '../db/schema.ts';

/**
 * The event that a photo is in by now, held until the transaction ends: the one that photo told last, else `known`. Undefined for a photo that its
 * creator deleted, and nobody deletes it meanwhile. Locked before the photo's recognitions, as by whoever moves or deletes it.
 */
export async function lockEventOfPhoto(
  tx: Transaction<AiSchema>,
  photoId: string,
  known: string | null,
): Promise<{ readonly eventId: string | null } | undefined> {
  await tx
    .insertInto('photo_events')
    .values({ photo_id: photoId, event_id: known })
    .onConflict((conflict) => conflict.column('photo_id').doNothing())
    .execute();
  const query = tx.selectFrom('photo_events').select(['event_id', 'is_deleted']).where('photo_id', '=', photoId);
  const row = await query.forShare().executeTakeFirstOrThrow();
  return row.is_deleted ? undefined : { eventId: row.event_id };
}

/** Puts photos into another event with all that was found in them, under all packs; rows in id order. */
export async function updateEventOfPhotos(
  tx: Transaction<AiSchema>,
  photoIds: readonly string[],
  eventId: string | null,
): Promise<void> {
  const ids = [...new Set(photoIds)].sort();
  if (ids.length === 0) return;
  await tx
    .insertInto('photo_events')
    .values(ids.map((photoId) => ({ photo_id: photoId, event_id: eventId })))
    .onConflict((conflict) => conflict.column('photo_id').doUpdateSet({ event_id: eventId }))
    .execute();
  const list = sql`any(${ids}::uuid[])`;
  await sql`
    with moved as (
      select photo_id, pack_id from photo_recognitions where photo_id = ${list} order by photo_id, pack_id for update
    )
    update photo_recognitions r set event_id = ${eventId} from moved
    where r.photo_id = moved.photo_id and r.pack_id = moved.pack_id`.execute(tx);
  await sql`
    with moved as (select face_id from faces where photo_id = ${list} order by face_id for update)
    update faces set event_id = ${eventId} from moved where faces.face_id = moved.face_id`.execute(tx);
}

/** Notes that photos were deleted. Waits for whoever is storing faces of them; from then on nobody does. */
export async function markDeleted(tx: Transaction<AiSchema>, photoIds: readonly string[]): Promise<void> {
  const ids = [...new Set(photoIds)].sort();
  if (ids.length === 0) return;
  await tx
    .insertInto('photo_events')
    .values(ids.map((photoId) => ({ photo_id: photoId, event_id: null, is_deleted: true })))
    .onConflict((conflict) => conflict.column('photo_id').doUpdateSet({ event_id: null, is_deleted: true }))
    .execute();
}

/** Of a photo that is not there any more; that it was deleted stays. */
export async function deleteEventOfPhoto(tx: Transaction<AiSchema>, photoId: string): Promise<void> {
  await tx.deleteFrom('photo_events').where('photo_id', '=', photoId).where('is_deleted', '=', false).execute();
}
