import type { Db } from '@kilas/platform/db/database.ts';
import { sql, type Transaction } from 'kysely';
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

export async function listOriginals(db: Db<PhotoSchema>, photoIds: readonly string[]) {
  if (photoIds.length === 0) return [];
  return db
    .selectFrom('photos')
    .select(['photo_id', 'title', 'format', 'captured_at'])
    .where('photo_id', 'in', [...photoIds])
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

/** Holds those of the photos that are there, and answers them. Waits for whoever deletes one; from then on nobody does. */
export async function insertHeld(
  db: Db<PhotoSchema>,
  { orderId, photoIds, heldUntil }: { orderId: string; photoIds: readonly string[]; heldUntil: Date },
): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ photo_id: string }>`
    with there as (
      select photo_id from photos where photo_id = any(${[...photoIds]}::uuid[]) order by photo_id for key share
    ), held as (
      insert into held_photos (order_id, photo_id, held_until) select ${orderId}, photo_id, ${heldUntil} from there
      on conflict (order_id, photo_id) do update set held_until = excluded.held_until
    )
    select photo_id from there`.execute(db);
  return new Set(rows.map((row) => row.photo_id));
}

/** What became of the order is known. */
export async function deleteHeld(db: Db<PhotoSchema>, orderId: string): Promise<void> {
  await db.deleteFrom('held_photos').where('order_id', '=', orderId).execute();
}

/** Which of the photos somebody bought, or an order holds. Who only waits for one holds none. */
export async function listTaken(
  db: Db<PhotoSchema>,
  photoIds: readonly string[],
  now: Date,
): Promise<{ sold: ReadonlySet<string>; reserved: ReadonlySet<string> }> {
  const isAmong = sql`photo_id = any(${[...photoIds]}::uuid[])`;
  const { rows } = await sql<{ photo_id: string; is_sold: boolean }>`
    select photo_id, true as is_sold from bought_photos where ${isAmong}
    union select photo_id, false from reserved_photos where ${isAmong} and not is_wait and held_until > ${now}
    union select photo_id, false from held_photos where ${isAmong} and held_until > ${now}`.execute(db);
  const those = (isSold: boolean) => new Set(rows.flatMap((row) => (row.is_sold === isSold ? [row.photo_id] : [])));
  return { sold: those(true), reserved: those(false) };
}

/** What is left of orders of photos that are deleted: those who wait, and holds whose time is over. */
export async function deleteReservedOf(tx: Transaction<PhotoSchema>, photoIds: readonly string[]): Promise<void> {
  for (const table of ['reserved_photos', 'held_photos'] as const) {
    await tx
      .deleteFrom(table)
      .where('photo_id', 'in', [...photoIds])
      .execute();
  }
}
