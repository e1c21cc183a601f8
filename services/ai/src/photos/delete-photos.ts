import { together } from '@kilas/platform/db/transact.ts';
import { deleteQuarantined } from '@kilas/platform/risky-work/risky-work-store.ts';
import type { Transaction } from 'kysely';
import { deletePlacesOfPhotos } from '../claims/cut-off-store.ts';
import type { AiSchema } from '../db/schema.ts';
import { insertErasure } from '../erasures/erasure-store.ts';
import { deleteFacesForGood } from '../faces/face-store.ts';
import { markDeleted } from '../faces/photo-event-store.ts';
import { markTypicalFacesStale } from '../typical-faces/typical-face-store.ts';

/**
 * Deletes all that is held of photos, and notes their ids, so that whatever is under way for one of them stores nothing. The sweep that ends
 * retentions proves it. Answers how many faces went.
 */
export async function deletePhotos(
  tx: Transaction<AiSchema>,
  photoIds: readonly string[],
  { askedAt, now }: { askedAt: Date; now: Date },
): Promise<number> {
  await markDeleted(tx, photoIds);
  const vectors = await deleteFacesForGood(tx, photoIds);
  await deletePlacesOfPhotos(tx, photoIds);
  await together(...photoIds.map((photoId) => deleteQuarantined(tx, `photo/${photoId}`)));
  if (vectors.length === 0) return 0;
  await markTypicalFacesStale(tx, vectors);
  await insertErasure(tx, { reason: 'deletion', dueAt: askedAt, faceCount: vectors.length, erasedAt: now });
  return vectors.length;
}
