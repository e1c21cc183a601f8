import { transact } from '@kilas/platform/db/transact.ts';
import type { Kysely, Transaction } from 'kysely';
import type { AiSchema } from '../db/schema.ts';
import { insertPack } from '../packs/pack-store.ts';
import type { Face } from './face.ts';
import { type FaceBox, isSamePlace } from './face-box.ts';
import {
  findBestRecognition,
  insertFaces,
  insertOrLockRecognition,
  lockRecognitions,
  type Recognition,
  updateProcessedKey,
} from './face-store.ts';
import { lockEventOfPhoto } from './photo-event-store.ts';

/**
 * Stores the faces of a photo once per pack: when two do it at once, or one again, the first one's faces stay. Faces that were
 * erased do not come back, under no pack. Faces of other packs stay beside them. False, and nothing is stored, if the photo was deleted.
 */
export async function storeFaces(
  db: Kysely<AiSchema>,
  recognition: Omit<Recognition, 'faceCount'>,
  faces: readonly Face[],
  now: Date,
): Promise<boolean> {
  return transact(db, async (tx) => {
    const place = await lockEventOfPhoto(tx, recognition.photoId, recognition.eventId);
    if (place === undefined) return false;
    const counted = { ...recognition, ...place, faceCount: faces.length };
    const { erasedBoxes } = await lockRecognitions(tx, counted.photoId);
    const isNew = await insertOrLockRecognition(tx, { ...counted, erasedBoxes }, now);
    if (isNew) await insertFacesBut(tx, counted, { faces, erasedBoxes }, now);
    else await updateProcessedKey(tx, counted.photoId, counted.processedKey);
    return true;
  });
}

/**
 * Stores what another pack sees in a photo that is recognised already; nothing when the photo is no longer known, for its time may
 * have ended meanwhile. As storeFaces otherwise.
 */
export async function storeFacesAgain(
  db: Kysely<AiSchema>,
  photo: { photoId: string; packId: string },
  faces: readonly Face[],
  now: Date,
): Promise<void> {
  await transact(db, async (tx) => {
    const before = await findBestRecognition(tx, photo.photoId);
    if (before === undefined) return;
    const place = await lockEventOfPhoto(tx, photo.photoId, before.eventId);
    if (place === undefined) return;
    const { recognitions, erasedBoxes } = await lockRecognitions(tx, photo.photoId);
    const [known] = recognitions;
    if (known === undefined || recognitions.some(({ packId }) => packId === photo.packId)) return;
    const recognition = { ...known, ...place, packId: photo.packId, faceCount: faces.length };
    const isNew = await insertOrLockRecognition(tx, { ...recognition, erasedBoxes }, now);
    if (isNew) await insertFacesBut(tx, recognition, { faces, erasedBoxes }, now);
  });
}

async function insertFacesBut(
  tx: Transaction<AiSchema>,
  recognition: Recognition,
  { faces, erasedBoxes }: { faces: readonly Face[]; erasedBoxes: readonly FaceBox[] },
  now: Date,
): Promise<void> {
  const kept = faces.filter(({ box }) => !erasedBoxes.some((erased) => isSamePlace(box, erased)));
  await insertPack(tx, recognition.packId, kept);
  await insertFaces(tx, recognition, kept, now);
}
