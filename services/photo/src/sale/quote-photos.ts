import type { PhotoContext } from '../context.ts';
import { saleRefusal } from '../photos/photo.ts';
import { cutOf } from '../photos/photo-access.ts';
import { listPhotosFor } from './sale-store.ts';

const loosestLevel = 1;

/**
 * Price and state of each photo for a buyer, in the order asked for. One they may not see is told like one that is not there. Of orders and licences
 * nothing is said: the caller has them.
 */
export async function quotePhotos(
  ctx: PhotoContext,
  input: { buyerId: string; photoIds: readonly string[]; shareToken: string | null },
) {
  // The level the buyer chose is not known here; none of their own may exceed what the loosest one shows.
  const viewer = { memberId: input.buyerId, shareToken: input.shareToken, cut: cutOf(ctx, loosestLevel) };
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
