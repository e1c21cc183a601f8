import type { Db } from '@kilas/platform/db/database.ts';
import type { PhotoSchema } from '../db/schema.ts';
import { mayAskPrice } from '../viewers/photo-access-sql.ts';
import type { Viewer } from '../viewers/viewer.ts';

export async function listPhotosFor(db: Db<PhotoSchema>, photoIds: readonly string[], viewer: Viewer) {
  if (photoIds.length === 0) return [];
  return db
    .selectFrom('photos')
    .select(['photo_id', 'creator_id', 'title', 'price_idr', 'sale', 'status', 'is_hidden', 'is_sold_out'])
    .where('photo_id', 'in', [...photoIds])
    .where(mayAskPrice(viewer))
    .limit(photoIds.length)
    .execute();
}

export async function listDescriptions(db: Db<PhotoSchema>, photoIds: readonly string[]) {
  if (photoIds.length === 0) return [];
  return db
    .selectFrom('photos')
    .leftJoin('creators', 'creators.creator_id', 'photos.creator_id')
    .select(['photos.photo_id', 'title', 'photos.creator_id', 'display_name'])
    .select(['thumbnail_key', 'thumbnail_small_key'])
    .where('photos.photo_id', 'in', [...photoIds])
    .limit(photoIds.length)
    .execute();
}

export async function insertBought(db: Db<PhotoSchema>, buyerId: string, photoIds: readonly string[]): Promise<void> {
  if (photoIds.length === 0) return;
  await db
    .insertInto('bought_photos')
    .values(photoIds.map((photoId) => ({ buyer_id: buyerId, photo_id: photoId })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function deleteBought(db: Db<PhotoSchema>, bought: { buyerId: string; photoId: string }): Promise<void> {
  await db
    .deleteFrom('bought_photos')
    .where('buyer_id', '=', bought.buyerId)
    .where('photo_id', '=', bought.photoId)
    .execute();
}

export async function insertReserved(
  db: Db<PhotoSchema>,
  order: {
    orderId: string;
    buyerId: string;
    photos: readonly { readonly photoId: string; readonly sale: string }[];
    heldUntil: Date;
  },
): Promise<void> {
  if (order.photos.length === 0) return;
  await db
    .insertInto('reserved_photos')
    .values(
      order.photos.map(({ photoId, sale }) => ({
        order_id: order.orderId,
        photo_id: photoId,
        buyer_id: order.buyerId,
        is_exclusive: sale === 'exclusive',
        held_until: order.heldUntil,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function insertWaits(
  db: Db<PhotoSchema>,
  order: { orderId: string; buyerId: string; photos: readonly { readonly photoId: string; readonly until: Date }[] },
): Promise<void> {
  if (order.photos.length === 0) return;
  await db
    .insertInto('reserved_photos')
    .values(
      order.photos.map(({ photoId, until }) => ({
        order_id: order.orderId,
        photo_id: photoId,
        buyer_id: order.buyerId,
        is_exclusive: false,
        is_wait: true,
        held_until: until,
      })),
    )
    .execute();
}

export async function deleteReserved(db: Db<PhotoSchema>, orderId: string): Promise<void> {
  await db.deleteFrom('reserved_photos').where('order_id', '=', orderId).execute();
}
