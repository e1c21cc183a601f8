import { refuse } from '@kilas/messages/refuse.ts';
import type { PhotoContext } from '../context.ts';
import { buyRefusal } from '../photos/photo.ts';
import type { Viewer } from '../photos/photo-access.ts';
import { findPhotoFor } from '../photos/photo-store.ts';
import { type CollectionKind, countCollection, insertIntoCollection, isInCollection } from './collection-store.ts';

/** Photos in one list at most; two that are added at once may exceed it by one. */
const listSizeMax = { cart: 200, wishlist: 5_000, favourites: 5_000 } as const;

/** Adds a photo whose preview the member may see; adding twice changes nothing. The cart takes what can be bought. */
export async function addToCollection(
  ctx: PhotoContext,
  input: { memberId: string; kind: CollectionKind; photoId: string; viewer: Viewer },
): Promise<void> {
  const { memberId, kind, photoId, viewer } = input;
  if (await isInCollection(ctx.db, { memberId, kind, photoId })) return;
  const photo = await findPhotoFor(ctx.db, photoId, viewer);
  if (photo === undefined) refuse('PHOTO_NOT_FOUND');
  if (kind === 'cart') {
    const reason = buyRefusal(photo, memberId);
    if (reason !== undefined) refuse(reason);
  }
  if ((await countCollection(ctx.db, memberId, kind)) >= listSizeMax[kind]) refuse('LIST_FULL');
  await insertIntoCollection(ctx.db, { memberId, kind, photoId, addedAt: ctx.clock.now() });
}
