import type { PhotoContext } from '../context.ts';
import { saleRefusal } from '../viewers/buy-refusal.ts';
import { viewerOf } from '../viewers/viewer.ts';
import { listPhotosFor } from './sale-store.ts';

/**
 * Price and state of each photo for a buyer, in the order asked for. One they may not see is told like one that is not there. Of orders and licences
 * nothing is said: the caller has them.
 */
export async function quotePhotos(
  ctx: PhotoContext,
  input: { buyerId: string; matchLevel: number; photoIds: readonly string[]; shareToken?: string | undefined },
) {
  const viewer = viewerOf(ctx, { accountId: input.buyerId, matchLevel: input.matchLevel }, input.shareToken);
  const rows = await listPhotosFor(ctx.db, [...new Set(input.photoIds)], viewer);
  const byId = new Map(rows.map((row) => [row.photo_id, row]));
  return input.photoIds.map((photoId) => {
    const photo = byId.get(photoId);
    if (photo === undefined) return { photoId, refusal: 'PHOTO_NOT_FOUND' };
    return {
      photoId,
      creatorId: photo.creator_id,
      title: photo.title,
      priceIdr: photo.price_idr,
      sale: photo.sale,
      refusal: photo.creator_id === input.buyerId ? 'PHOTO_OWN' : (saleRefusal(photo) ?? ''),
    };
  });
}
