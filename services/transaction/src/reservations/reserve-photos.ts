import type { Db } from '@kilas/platform/db/database.ts';
import { together } from '@kilas/platform/db/transact.ts';
import type { Transaction } from 'kysely';
import type { TransactionSchema } from '../db/schema.ts';
import type { Sale } from '../licences/licence.ts';
import { listLicencesByPhotos } from '../licences/licence-store.ts';
import type { PhotoRefusal } from './photo-refusal.ts';
import { insertReservations, listReservationsByPhotos } from './reservation-store.ts';

/** What keeps a buyer from these photos: licences that were given, and open orders other than `orderId`. */
export async function findObstacles(
  db: Db<TransactionSchema>,
  buyerId: string,
  photoIds: readonly string[],
  orderId?: string,
): Promise<PhotoRefusal[]> {
  const [licences, reservations] = await together(
    listLicencesByPhotos(db, buyerId, photoIds),
    listReservationsByPhotos(db, buyerId, photoIds),
  );
  return photoIds.flatMap((photoId): PhotoRefusal[] => {
    const holders = licences.filter((licence) => licence.photoId === photoId).map((licence) => licence.buyerId);
    if (holders.includes(buyerId)) return [{ photoId, reason: 'PHOTO_ALREADY_LICENSED' }];
    if (holders.length > 0) return [{ photoId, reason: 'PHOTO_SOLD' }];
    const others = reservations.filter((entry) => entry.photoId === photoId && entry.orderId !== orderId);
    const own = others.find((entry) => entry.buyerId === buyerId);
    if (own !== undefined) return [{ photoId, reason: 'ORDER_OPEN_FOR_PHOTO', orderId: own.orderId }];
    return others.length > 0 ? [{ photoId, reason: 'PHOTO_RESERVED' }] : [];
  });
}

/**
 * Reserves all photos of an order or says what stands in the way; the caller then gives up or rolls back. Whoever holds the
 * reservations may sell: a licence is only ever given under them, so they are taken first and licences looked at after.
 */
export async function reservePhotos(
  tx: Transaction<TransactionSchema>,
  order: { orderId: string; buyerId: string },
  photos: readonly { photoId: string; sale: Sale }[],
): Promise<PhotoRefusal[]> {
  const photoIds = photos.map(({ photoId }) => photoId);
  const [reserved, obstacles] = await together(
    insertReservations(tx, order, photos),
    findObstacles(tx, order.buyerId, photoIds, order.orderId),
  );
  const explained = new Set(obstacles.map(({ photoId }) => photoId));
  // Taken when we tried and free a moment later: whoever held it has just let go.
  const missed = photoIds.filter((photoId) => !reserved.has(photoId) && !explained.has(photoId));
  return [...obstacles, ...missed.map((photoId): PhotoRefusal => ({ photoId, reason: 'PHOTO_RESERVED' }))];
}
