import { PhotosSoldSchema } from '@kilas/contracts/gen/kilas/transaction/v1/events_pb.js';
import { subscribe } from '@kilas/platform/events/events.ts';
import { deleteFromCollection } from '../collections/collection-store.ts';
import type { PhotoSchema } from '../db/schema.ts';
import { markSoldOut } from '../photos/photo-store.ts';
import { deleteHeld, deleteReserved, insertBought } from './sale-store.ts';

/** Takes sold photos out of their buyer's cart, who cannot buy them again; exclusive ones can no longer be bought by anyone. */
export const onPhotosSold = subscribe<PhotoSchema, typeof PhotosSoldSchema>(
  'transaction',
  PhotosSoldSchema,
  async (tx, { orderId, buyerId, photos }) => {
    const photoIds = photos.map(({ photoId }) => photoId);
    await insertBought(tx, buyerId, photoIds);
    await deleteReserved(tx, orderId);
    await deleteHeld(tx, orderId);
    await deleteFromCollection(tx, { memberId: buyerId, kind: 'cart', photoIds });
    await markSoldOut(
      tx,
      photos.filter(({ sale }) => sale === 'exclusive').map(({ photoId }) => photoId),
    );
    return {};
  },
);
