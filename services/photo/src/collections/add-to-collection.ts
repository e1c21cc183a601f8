import { refuse } from '@kilas/messages/refuse.ts';
import { transact } from '@kilas/platform/db/transact.ts';
import type { PhotoContext } from '../context.ts';
import { lockErasedEpochs } from '../members/member-store.ts';
import { buyRefusal } from '../viewers/buy-refusal.ts';
import { findPhotoFor } from '../viewers/photo-details-store.ts';
import type { Viewer } from '../viewers/viewer.ts';
import {
  type CollectionKind,
  countCollection,
  insertIntoCollection,
  isInCollection,
  isSeenByMatch,
  markFounded,
} from './collection-store.ts';

/** Photos in one list at most. */
const listSizeMax = { cart: 200, wishlist: 5_000, favourites: 5_000 } as const;

/**
 * Adds a photo whose preview the member may see; adding twice changes nothing, unless they may see it otherwise than by a match by now. The cart
 * takes what can be bought. The member is locked: no match that lets them see the photo ends meanwhile.
 */
export async function addToCollection(
  ctx: PhotoContext,
  input: { memberId: string; kind: CollectionKind; photoId: string; viewer: Viewer },
): Promise<void> {
  const { memberId, kind, photoId, viewer } = input;
  await transact(ctx.db, async (tx) => {
    await lockErasedEpochs(tx, [memberId]);
    const isByMatch = await isSeenByMatch(tx, { photoId, viewer });
    if (!isByMatch) await markFounded(tx, { memberId, photoId });
    if (await isInCollection(tx, { memberId, kind, photoId })) return;
    const photo = await findPhotoFor(tx, photoId, viewer);
    if (photo === undefined) refuse('PHOTO_NOT_FOUND');
    if (kind === 'cart') {
      const reason = buyRefusal(photo, memberId);
      if (reason !== undefined) refuse(reason);
    }
    if ((await countCollection(tx, memberId, kind)) >= listSizeMax[kind]) refuse('LIST_FULL');
    const added = await insertIntoCollection(tx, { memberId, kind, photoId, isByMatch, addedAt: ctx.clock.now() });
    if (!added) refuse('PHOTO_NOT_FOUND');
  });
}
