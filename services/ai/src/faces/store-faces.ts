import { transact } from '@kilas/platform/transact.ts';
import type { Kysely } from 'kysely';
import type { AiSchema } from '../db/schema.ts';
import { insertPack } from '../packs/pack-store.ts';
import type { Face } from './face.ts';
import { insertFaces, insertOrLockRecognition, type Recognition, updateProcessedKey } from './face-store.ts';

/**
 * Stores the faces of a photo once per pack: when two do it at once, or one again, the first one's faces stay, and faces
 * that were erased since do not come back. Faces of other packs stay beside them.
 */
export async function storeFaces(
  db: Kysely<AiSchema>,
  recognition: Omit<Recognition, 'faceCount'>,
  faces: readonly Face[],
  now: Date,
): Promise<void> {
  const counted = { ...recognition, faceCount: faces.length };
  await transact(db, async (tx) => {
    const isNew = await insertOrLockRecognition(tx, counted, now);
    if (!isNew) return updateProcessedKey(tx, counted.photoId, counted.processedKey);
    await insertPack(tx, counted.packId, faces);
    await insertFaces(tx, counted, faces, now);
  });
}
