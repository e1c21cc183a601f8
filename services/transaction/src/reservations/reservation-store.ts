import type { Db } from '@kilas/platform/db/database.ts';
import type { TransactionSchema } from '../db/schema.ts';
import type { Sale } from '../licences/licence.ts';

type ReservationsDb = Db<TransactionSchema>;

export interface Reservation {
  readonly orderId: string;
  readonly photoId: string;
  readonly buyerId: string;
}

/**
 * Reserves the photos that are free, waits for transactions that hold the same photos, and leaves out those that are taken. Goes in the order of
 * the ids, so that two orders with the same photos never wait for each other.
 */
export async function insertReservations(
  db: ReservationsDb,
  order: { orderId: string; buyerId: string },
  photos: readonly { photoId: string; sale: Sale }[],
): Promise<Set<string>> {
  const sorted = photos.toSorted((a, b) => (a.photoId < b.photoId ? -1 : 1));
  const rows = await db
    .insertInto('reservations')
    .values(
      sorted.map(({ photoId, sale }) => ({
        order_id: order.orderId,
        photo_id: photoId,
        buyer_id: order.buyerId,
        is_exclusive: sale === 'exclusive',
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .returning('photo_id')
    .execute();
  return new Set(rows.map((row) => row.photo_id));
}

/** Reservations of these photos that stand in the buyer's way: their own, and those of exclusive photos. */
export async function listReservationsByPhotos(
  db: ReservationsDb,
  buyerId: string,
  photoIds: readonly string[],
): Promise<Reservation[]> {
  return db
    .selectFrom('reservations')
    .select(['order_id as orderId', 'photo_id as photoId', 'buyer_id as buyerId'])
    .where('photo_id', 'in', [...photoIds])
    .where((eb) => eb.or([eb('buyer_id', '=', buyerId), eb('is_exclusive', '=', true)]))
    .execute();
}

export async function deleteReservations(db: ReservationsDb, orderId: string): Promise<void> {
  await db.deleteFrom('reservations').where('order_id', '=', orderId).execute();
}
