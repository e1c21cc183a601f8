import { refuse } from '@kilas/messages/refuse.ts';
import type { PhotoContext } from '../context.ts';
import { saleRefusal } from '../photos/photo.ts';
import { listPhotosFor } from './sale-store.ts';

/** Photos in one quote at most. */
const quoteSizeMax = 500;

/** Price and state of each photo for a buyer, in the order asked for; refuses when one of them may not be seen. */
export async function quotePhotos(
  ctx: PhotoContext,
  input: { buyerId: string; photoIds: readonly string[]; shareToken: string | null },
) {
  if (input.photoIds.length > quoteSizeMax) refuse('REQUEST_INVALID');
  const viewer = { memberId: input.buyerId, shareToken: input.shareToken };
  const rows = await listPhotosFor(ctx.db, [...new Set(input.photoIds)], viewer);
  const byId = new Map(rows.map((row) => [row.photo_id, row]));
  return input.photoIds.map((photoId) => {
    const photo = byId.get(photoId);
    if (photo === undefined) refuse('PHOTO_NOT_FOUND');
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
