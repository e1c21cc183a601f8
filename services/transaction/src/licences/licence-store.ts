import type { Db } from '@kilas/platform/db/database.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import type { TransactionSchema } from '../db/schema.ts';
import type { Sale } from './licence.ts';

type LicencesDb = Db<TransactionSchema>;

/** A photo that a buyer has, with what the order says of it. */
export interface Purchase {
  readonly licenceId: string;
  readonly photoId: string;
  readonly orderId: string;
  readonly creatorId: string;
  readonly sale: Sale;
  readonly title: string;
  readonly priceIdr: bigint;
  readonly purchasedAt: Date;
}

export async function insertLicences(
  db: LicencesDb,
  order: { readonly orderId: string; readonly buyerId: string },
  items: readonly { readonly photoId: string; readonly creatorId: string; readonly sale: Sale }[],
  grantedAt: Date,
): Promise<void> {
  await db
    .insertInto('licences')
    .values(
      items.map((item) => ({
        licence_id: newId(),
        photo_id: item.photoId,
        buyer_id: order.buyerId,
        creator_id: item.creatorId,
        order_id: order.orderId,
        is_exclusive: item.sale === 'exclusive',
        granted_at: grantedAt,
      })),
    )
    .execute();
}

export async function isLicensed(db: LicencesDb, photoId: string, buyerId: string): Promise<boolean> {
  const row = await db
    .selectFrom('licences')
    .select('licence_id')
    .where('photo_id', '=', photoId)
    .where('buyer_id', '=', buyerId)
    .executeTakeFirst();
  return row !== undefined;
}

/** Photos that a buyer has, of those named or of an order if one is named, oldest licence first. */
export async function listLicensedPhotoIds(
  db: LicencesDb,
  buyerId: string,
  wanted: { photoIds?: readonly string[] | undefined; orderId?: string | undefined },
  limit: number,
): Promise<string[]> {
  const { photoIds, orderId } = wanted;
  const rows = await db
    .selectFrom('licences')
    .select('photo_id')
    .where('buyer_id', '=', buyerId)
    .$if(photoIds !== undefined, (query) => query.where('photo_id', 'in', [...(photoIds ?? [])]))
    .$if(orderId !== undefined, (query) => query.where('order_id', '=', orderId ?? ''))
    .orderBy('licence_id')
    .limit(limit)
    .execute();
  return rows.map((row) => row.photo_id);
}

/** Licences of these photos that stand in the buyer's way: their own, and those of exclusive photos. */
export async function listLicencesByPhotos(
  db: LicencesDb,
  buyerId: string,
  photoIds: readonly string[],
): Promise<{ photoId: string; buyerId: string }[]> {
  return db
    .selectFrom('licences')
    .select(['photo_id as photoId', 'buyer_id as buyerId'])
    .where('photo_id', 'in', [...photoIds])
    .where((eb) => eb.or([eb('buyer_id', '=', buyerId), eb('is_exclusive', '=', true)]))
    .execute();
}

/** What the buyer bought before the licence given, newest first. */
export async function listPurchasesByBuyer(
  db: LicencesDb,
  buyerId: string,
  before: string | undefined,
  limit: number,
): Promise<Purchase[]> {
  return db
    .selectFrom('licences')
    .innerJoin('order_items', (join) =>
      join
        .onRef('order_items.order_id', '=', 'licences.order_id')
        .onRef('order_items.photo_id', '=', 'licences.photo_id'),
    )
    .select([
      'licences.licence_id as licenceId',
      'licences.photo_id as photoId',
      'licences.order_id as orderId',
      'licences.creator_id as creatorId',
      'order_items.sale',
      'order_items.title',
      'order_items.price_idr as priceIdr',
      'licences.granted_at as purchasedAt',
    ])
    .where('licences.buyer_id', '=', buyerId)
    .where((eb) => (before === undefined ? eb.lit(true) : eb('licences.licence_id', '<', before)))
    .orderBy('licences.licence_id', 'desc')
    .limit(limit)
    .execute();
}
