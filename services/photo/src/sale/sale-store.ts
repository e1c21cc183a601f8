import type { Db } from '@kilas/platform/db/database.ts';
import { sql } from 'kysely';
import type { PhotoSchema } from '../db/schema.ts';
import type { Holder } from '../viewers/buy-refusal.ts';
import { mayAskPrice, type Viewer } from '../viewers/photo-access.ts';

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
    .select(['photos.photo_id', 'title', 'photos.creator_id', 'display_name', 'thumbnail_key'])
    .where('photos.photo_id', 'in', [...photoIds])
    .limit(photoIds.length)
    .execute();
}

export async function markSoldOut(db: Db<PhotoSchema>, photoIds: readonly string[]): Promise<void> {
  if (photoIds.length === 0) return;
  await db
    .updateTable('photos')
    .set({ is_sold_out: true })
    .where('photo_id', 'in', [...photoIds].sort())
    .where('sale', '=', 'exclusive')
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

/** Whether a viewer bought a photo, on rows of `photos`. */
export function isBoughtBy(viewerId: string | null) {
  // Not by EXISTS, for which PostgreSQL may read all that the viewer bought.
  return sql<boolean>`coalesce((
    select true from bought_photos b where b.buyer_id = ${viewerId}::uuid and b.photo_id = photos.photo_id
  ), false)`;
}

/** Whose open order holds a photo, or that the viewer has to wait, as far as it keeps them from it, on rows of `photos`. */
export function holderFor(viewerId: string | null) {
  return sql<Holder | null>`(
    select case when r.buyer_id is distinct from ${viewerId}::uuid then 'other' when r.is_wait then 'wait' else 'viewer' end from reserved_photos r
    where r.photo_id = photos.photo_id and r.held_until > now()
      and (r.buyer_id = ${viewerId}::uuid or r.is_exclusive)
    order by r.is_wait, (r.buyer_id = ${viewerId}::uuid) desc nulls last limit 1
  )`;
}
