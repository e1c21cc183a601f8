import type { Db } from '@kilas/platform/db.ts';
import { newId } from '@kilas/platform/ids.ts';
import { sql, type Transaction } from 'kysely';
import type { AiSchema } from '../db/schema.ts';
import type { Face } from './face.ts';
import { vectorOf } from './vector.ts';

export interface Recognition {
  readonly photoId: string;
  readonly creatorId: string;
  readonly eventId: string | null;
  readonly packId: string;
  readonly faceCount: number;
  readonly processedKey: string;
}

export async function findRecognition(db: Db<AiSchema>, photoId: string): Promise<Recognition | undefined> {
  const row = await db.selectFrom('photo_recognitions').selectAll().where('photo_id', '=', photoId).executeTakeFirst();
  return row === undefined ? undefined : toRecognition(row);
}

/** Inserts the recognition, or locks the one that is there; the answer tells which. */
export async function insertOrLockRecognition(
  tx: Transaction<AiSchema>,
  recognition: Recognition,
  recognisedAt: Date,
): Promise<{ isNew: boolean; packId: string }> {
  const inserted = await tx
    .insertInto('photo_recognitions')
    .values({
      photo_id: recognition.photoId,
      creator_id: recognition.creatorId,
      ...columnsOf(recognition, recognisedAt),
    })
    .onConflict((conflict) => conflict.column('photo_id').doNothing())
    .returning('pack_id')
    .executeTakeFirst();
  if (inserted !== undefined) return { isNew: true, packId: inserted.pack_id };
  const known = await tx
    .selectFrom('photo_recognitions')
    .select('pack_id')
    .where('photo_id', '=', recognition.photoId)
    .forUpdate()
    .executeTakeFirstOrThrow();
  return { isNew: false, packId: known.pack_id };
}

export async function updateRecognition(
  tx: Transaction<AiSchema>,
  recognition: Recognition,
  recognisedAt: Date,
): Promise<void> {
  await tx
    .updateTable('photo_recognitions')
    .set(columnsOf(recognition, recognisedAt))
    .where('photo_id', '=', recognition.photoId)
    .execute();
}

export async function updateProcessedKey(tx: Transaction<AiSchema>, photoId: string, key: string): Promise<void> {
  await tx.updateTable('photo_recognitions').set({ processed_key: key }).where('photo_id', '=', photoId).execute();
}

export async function deleteFacesByPhoto(tx: Transaction<AiSchema>, photoId: string): Promise<void> {
  await tx.deleteFrom('faces').where('photo_id', '=', photoId).execute();
}

export async function insertFaces(
  tx: Transaction<AiSchema>,
  recognition: Recognition,
  faces: readonly Face[],
  createdAt: Date,
): Promise<void> {
  if (faces.length === 0) return;
  const rows = faces.map(({ box, score, embedding, quality }) => ({
    face_id: newId(),
    photo_id: recognition.photoId,
    creator_id: recognition.creatorId,
    event_id: recognition.eventId,
    pack_id: recognition.packId,
    embedding: vectorOf(embedding),
    box_left: box.left,
    box_top: box.top,
    box_width: box.width,
    box_height: box.height,
    score,
    eye_distance_px: quality.eyeDistancePx,
    sharpness: quality.sharpness,
    exposure: quality.exposure,
    frontality: quality.frontality,
    created_at: createdAt,
  }));
  await tx.insertInto('faces').values(rows).execute();
}

/** Deletes faces, with all matches that rest on them; locked in id order, since twins share faces. */
export async function deleteFaces(tx: Transaction<AiSchema>, faceIds: readonly string[]): Promise<number> {
  if (faceIds.length === 0) return 0;
  const { numAffectedRows } = await sql`
    with doomed as (select face_id from faces where face_id = any(${[...faceIds]}::uuid[]) order by face_id for update)
    delete from faces using doomed where faces.face_id = doomed.face_id`.execute(tx);
  return Number(numAffectedRows ?? 0n);
}

/** Deletes the faces matched to a member under a consent up to the epoch given; answers how many. */
export async function deleteFacesMatchedTo(
  tx: Transaction<AiSchema>,
  memberId: string,
  epoch: number,
): Promise<number> {
  const rows = await tx
    .selectFrom('face_matches')
    .select('face_id')
    .where('member_id', '=', memberId)
    .where('consent_epoch', '<=', epoch)
    .execute();
  return deleteFaces(
    tx,
    rows.map((row) => row.face_id),
  );
}

function columnsOf({ eventId, packId, faceCount, processedKey }: Recognition, recognisedAt: Date) {
  return {
    event_id: eventId,
    pack_id: packId,
    face_count: faceCount,
    processed_key: processedKey,
    recognised_at: recognisedAt,
  };
}

function toRecognition(row: AiSchema['photo_recognitions']): Recognition {
  return {
    photoId: row.photo_id,
    creatorId: row.creator_id,
    eventId: row.event_id,
    packId: row.pack_id,
    faceCount: row.face_count,
    processedKey: row.processed_key,
  };
}
