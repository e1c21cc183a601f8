import type { Db } from '@kilas/platform/db/database.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import { type Selectable, sql, type Transaction } from 'kysely';
import type { AiSchema } from '../db/schema.ts';
import { vectorOf } from '../db/vector.ts';
import type { ErasedVector } from '../erasures/erased-vector.ts';
import { type Turn, turnColumn } from '../turning/turn-column-store.ts';
import type { Face } from './face.ts';
import type { FaceBox } from './face-box.ts';
import { insertImprints } from './imprint-store.ts';

export interface Recognition {
  readonly photoId: string;
  readonly creatorId: string;
  readonly eventId: string | null;
  readonly packId: string;
  readonly faceCount: number;
  readonly processedKey: string;
  readonly uploadedAt?: Date | null;
}

export async function findRecognition(
  db: Db<AiSchema>,
  photoId: string,
  packId: string,
): Promise<Recognition | undefined> {
  const query = db.selectFrom('photo_recognitions').selectAll().where('photo_id', '=', photoId);
  const row = await query.where('pack_id', '=', packId).executeTakeFirst();
  return row === undefined ? undefined : toRecognition(row);
}

/** That of the pack that is believed first. */
export async function findBestRecognition(db: Db<AiSchema>, photoId: string): Promise<Recognition | undefined> {
  const row = await db
    .selectFrom('photo_recognitions as r')
    .leftJoin('packs as p', 'p.pack_id', 'r.pack_id')
    .selectAll('r')
    .where('r.photo_id', '=', photoId)
    .orderBy('p.rank', (order) => order.desc().nullsLast())
    .orderBy('p.added_at', (order) => order.desc().nullsLast())
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? undefined : toRecognition(row);
}

/**
 * Locks a photo's recognitions, so that no face of it is erased meanwhile; answers them, and where faces were erased before,
 * whichever pack had seen them.
 */
export async function lockRecognitions(
  tx: Transaction<AiSchema>,
  photoId: string,
): Promise<{ recognitions: Recognition[]; erasedBoxes: FaceBox[] }> {
  const query = tx.selectFrom('photo_recognitions').selectAll().where('photo_id', '=', photoId);
  const rows = await query.orderBy('pack_id').forUpdate().execute();
  return { recognitions: rows.map(toRecognition), erasedBoxes: rows.flatMap((row) => row.erased_boxes) };
}

/** Inserts the recognition, or locks the one that is there; answers whether it is new. */
export async function insertOrLockRecognition(
  tx: Transaction<AiSchema>,
  recognition: Recognition & { readonly erasedBoxes: readonly FaceBox[] },
  recognisedAt: Date,
): Promise<boolean> {
  const { photoId, packId } = recognition;
  const inserted = await tx
    .insertInto('photo_recognitions')
    .values({
      photo_id: photoId,
      creator_id: recognition.creatorId,
      event_id: recognition.eventId,
      pack_id: packId,
      face_count: recognition.faceCount,
      processed_key: recognition.processedKey,
      recognised_at: recognisedAt,
      erased_boxes: JSON.stringify(recognition.erasedBoxes),
      uploaded_at: recognition.uploadedAt ?? null,
      faces_erased_at: null,
    })
    .onConflict((conflict) => conflict.columns(['photo_id', 'pack_id']).doNothing())
    .returning('photo_id')
    .executeTakeFirst();
  if (inserted !== undefined) return true;
  const known = tx.selectFrom('photo_recognitions').select('photo_id').where('photo_id', '=', photoId);
  await known.where('pack_id', '=', packId).forUpdate().executeTakeFirstOrThrow();
  return false;
}

/** Under all packs: a photo has one image with boxes. */
export async function updateProcessedKey(tx: Transaction<AiSchema>, photoId: string, key: string): Promise<void> {
  await tx.updateTable('photo_recognitions').set({ processed_key: key }).where('photo_id', '=', photoId).execute();
}

/** Of photos, under all packs, with the matches, imprints and places that rest on their faces; answers the vectors. Rows in id order. */
export async function deleteFacesForGood(
  tx: Transaction<AiSchema>,
  photoIds: readonly string[],
): Promise<ErasedVector[]> {
  const list = sql`any(${[...photoIds]}::uuid[])`;
  // Photos are locked before faces, as by whoever erases a member.
  await sql`select from photo_recognitions where photo_id = ${list} order by photo_id, pack_id for update`.execute(tx);
  const { rows } = await sql<ErasedVector>`
    with doomed as (select face_id from faces where photo_id = ${list} order by face_id for update)
    delete from faces using doomed where faces.face_id = doomed.face_id
    returning faces.pack_id as "packId", faces.embedding::text as embedding`.execute(tx);
  await sql`delete from photo_recognitions where photo_id = ${list}`.execute(tx);
  return rows;
}

/** Under all packs, with the faces, and the matches that rest on them. */
export async function deleteRecognitions(tx: Transaction<AiSchema>, photoId: string): Promise<void> {
  await tx.deleteFrom('photo_recognitions').where('photo_id', '=', photoId).execute();
}

export async function insertFaces(
  tx: Transaction<AiSchema>,
  recognition: Recognition,
  faces: readonly Face[],
  createdAt: Date,
): Promise<void> {
  if (faces.length === 0) return;
  const named = faces.map((face) => ({ ...face, faceId: newId() }));
  const rows = named.map(({ faceId, box, score, embedding, quality, isSure }) => ({
    face_id: faceId,
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
    burnt_share: quality.burntShare,
    inside_share: quality.insideShare,
    yaw_deg: quality.yawDeg,
    pitch_deg: quality.pitchDeg,
    roll_deg: quality.rollDeg,
    quality: quality.quality,
    is_sure: isSure,
    created_at: createdAt,
  }));
  await tx.insertInto('faces').values(rows).execute();
  await insertImprints(tx, named);
}

/** Turns the embeddings of a pack; answers how many. */
export async function turnFaces(tx: Transaction<AiSchema>, packId: string, turn: Turn): Promise<number> {
  const where = sql<boolean>`pack_id = ${packId}`;
  return turnColumn(tx, { table: 'faces', id: 'face_id', column: 'embedding', where }, turn);
}

/** With the matches that rest on them. */
export async function deleteFacesOfPack(
  tx: Transaction<AiSchema>,
  photoIds: readonly string[],
  packId: string,
): Promise<void> {
  await tx.deleteFrom('faces').where('photo_id', 'in', photoIds).where('pack_id', '=', packId).execute();
}

/** With their faces, and the matches that rest on them. */
export async function deleteRecognitionsOfPack(
  tx: Transaction<AiSchema>,
  photoIds: readonly string[],
  packId: string,
): Promise<void> {
  await tx.deleteFrom('photo_recognitions').where('photo_id', 'in', photoIds).where('pack_id', '=', packId).execute();
}

function toRecognition(row: Omit<Selectable<AiSchema['photo_recognitions']>, 'erased_boxes'>): Recognition {
  return {
    photoId: row.photo_id,
    creatorId: row.creator_id,
    eventId: row.event_id,
    packId: row.pack_id,
    faceCount: row.face_count,
    processedKey: row.processed_key,
    uploadedAt: row.uploaded_at,
  };
}
