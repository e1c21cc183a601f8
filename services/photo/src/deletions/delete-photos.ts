import { PhotosDeletedSchema } from '@kilas/contracts/gen/kilas/photo/v1/events_pb.js';
import { takeAttempt } from '@kilas/messages/take-attempt.ts';
import { transact } from '@kilas/platform/db/transact.ts';
import type { Transaction } from 'kysely';
import { deletePhotosFromCollections } from '../collections/collection-store.ts';
import type { PhotoContext } from '../context.ts';
import type { PhotoSchema } from '../db/schema.ts';
import { deleteMatchesOfPhotos } from '../matches/match-store.ts';
import { addFacesByGallery } from '../photos/gallery-store.ts';
import { deletePhotosForGood, listDeleted, lockDoomedPhotos } from '../photos/own-photos-store.ts';
import { deleteReservedOf, listTaken } from '../sale/sale-store.ts';

/** `not_found`: none of the creator's, or removed by the operator. `reserved`: in an order that is being made or paid. */
export type DeletionOutcome = 'deleted' | 'sold' | 'reserved' | 'not_found';

/**
 * Deletes a creator's photos for good, with all that rests on them, and says for each what became of it. One that was sold, or that an order holds,
 * does not keep the others from being deleted. All deletions are one transaction, which tells ai and upload. A photo that was deleted before is
 * deleted. Refuses with TOO_MANY_REQUESTS.
 */
export async function deletePhotos(
  ctx: PhotoContext,
  own: { creatorId: string; photoIds: readonly string[] },
): Promise<ReadonlyMap<string, DeletionOutcome>> {
  const { creatorId, photoIds } = own;
  await takeAttempt(ctx.limits.changesByCreator, creatorId);
  return transact(ctx.db, async (tx) => {
    const now = ctx.clock.now();
    const photos = await lockDoomedPhotos(tx, own);
    // Behind the locks: an order that was first holds the photo by now, and one that comes later does not find it.
    const { sold, reserved } = await listTaken(
      tx,
      photos.map((photo) => photo.photo_id),
      now,
    );
    const outcomes = new Map<string, DeletionOutcome>(
      photos.map(({ photo_id: id, is_sold_out }) => {
        if (is_sold_out || sold.has(id)) return [id, 'sold'];
        return [id, reserved.has(id) ? 'reserved' : 'deleted'];
      }),
    );
    const doomed = photos.filter((photo) => outcomes.get(photo.photo_id) === 'deleted');
    await deleteWithAll(tx, { creatorId, doomed, now });
    const doomedIds = doomed.map((photo) => photo.photo_id);
    // In order with their moves.
    if (doomedIds.length > 0) await ctx.outbox.publish(tx, PhotosDeletedSchema, creatorId, { photoIds: doomedIds });
    const before = await listDeleted(tx, own);
    return new Map(
      photoIds.map((id) => [id, outcomes.get(id) ?? (before.has(id) ? ('deleted' as const) : ('not_found' as const))]),
    );
  });
}

type Doomed = Awaited<ReturnType<typeof lockDoomedPhotos>>;

/** Deletes locked photos of one creator, with all that rests on them here, and keeps their ids. */
export async function deleteWithAll(
  tx: Transaction<PhotoSchema>,
  { creatorId, doomed, now }: { creatorId: string; doomed: Doomed; now: Date },
): Promise<void> {
  if (doomed.length === 0) return;
  const photoIds = doomed.map((photo) => photo.photo_id);
  await deleteMatchesOfPhotos(tx, photoIds);
  await deletePhotosFromCollections(tx, photoIds);
  await deleteReservedOf(tx, photoIds);
  await deletePhotosForGood(tx, { creatorId, photoIds }, now);
  const faceCounts = new Map<string, number>();
  for (const { event_id, face_count } of doomed) {
    const galleryId = event_id ?? creatorId;
    faceCounts.set(galleryId, (faceCounts.get(galleryId) ?? 0) - (face_count ?? 0));
  }
  await addFacesByGallery(tx, creatorId, faceCounts);
}
