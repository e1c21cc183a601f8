import { transact } from '@kilas/platform/transact.ts';
import type { Kysely } from 'kysely';
import type { AiSchema } from '../db/schema.ts';
import type { Face } from './face.ts';
import {
  deleteFacesByPhoto,
  insertFaces,
  insertOrLockRecognition,
  type Recognition,
  updateProcessedKey,
  updateRecognition,
} from './face-store.ts';

/**
 * Stores the faces of a photo once per pack: when two do it at once, or one again, the first one's faces stay, and faces
 * that were erased since do not come back. Faces of another pack are replaced.
 */
export async function storeFaces(
  db: Kysely<AiSchema>,
  recognition: Omit<Recognition, 'faceCount'>,
  faces: readonly Face[],
  now: Date,
): Promise<void> {
  const counted = { ...recognition, faceCount: faces.length };
  await transact(db, async (tx) => {
    const { isNew, packId } = await insertOrLockRecognition(tx, counted, now);
    if (!isNew && packId === counted.packId) return updateProcessedKey(tx, counted.photoId, counted.processedKey);
    if (!isNew) {
      await deleteFacesByPhoto(tx, counted.photoId);
      await updateRecognition(tx, counted, now);
    }
    await insertFaces(tx, counted, faces, now);
  });
}
