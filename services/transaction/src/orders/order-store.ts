import { lockKeyUntilCommit } from '@kilas/platform/db/advisory-locks.ts';
import type { Db } from '@kilas/platform/db/database.ts';
import { type Selectable, sql } from 'kysely';
import type { TransactionSchema } from '../db/schema.ts';
import type { Order, OrderItem } from './order.ts';

type OrdersDb = Db<TransactionSchema>;

const columns = ['order_id', 'buyer_id', 'state', 'total_idr', 'created_at', 'expires_at', 'closed_at'] as const;
type OrderRow = Pick<Selectable<TransactionSchema['orders']>, (typeof columns)[number]>;

function toOrder(row: OrderRow): Order {
  const base = {
    orderId: row.order_id,
    buyerId: row.buyer_id,
    totalIdr: row.total_idr,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  };
  if (row.state === 'pending') return { ...base, state: 'pending' };
  if (row.closed_at === null) throw new Error(`the order ${row.order_id} is ${row.state} but was never closed`);
  return { ...base, state: row.state, closedAt: row.closed_at };
}

/** Orders of one buyer are made one after another. */
export async function lockBuyer(db: OrdersDb, buyerId: string): Promise<void> {
  await lockKeyUntilCommit(db, 'buyer', buyerId);
}

export async function insertOrder(
  db: OrdersDb,
  order: Order,
  more: { photoCount: number; idempotencyKey: string; requestHash: string; nextCheckAt: Date },
): Promise<void> {
  await db
    .insertInto('orders')
    .values({
      order_id: order.orderId,
      buyer_id: order.buyerId,
      total_idr: order.totalIdr,
      photo_count: more.photoCount,
      idempotency_key: more.idempotencyKey,
      request_hash: more.requestHash,
      created_at: order.createdAt,
      expires_at: order.expiresAt,
      closed_at: null,
      next_check_at: more.nextCheckAt,
    })
    .execute();
}

export async function insertOrderItems(db: OrdersDb, orderId: string, items: readonly OrderItem[]): Promise<void> {
  await db
    .insertInto('order_items')
    .values(
      items.map((item, position) => ({
        order_id: orderId,
        position,
        photo_id: item.photoId,
        creator_id: item.creatorId,
        title: item.title,
        sale: item.sale,
        price_idr: item.priceIdr,
        commission_idr: item.commissionIdr,
      })),
    )
    .execute();
}

export async function findOrderByKey(
  db: OrdersDb,
  buyerId: string,
  idempotencyKey: string,
): Promise<{ order: Order; requestHash: string } | undefined> {
  const row = await db
    .selectFrom('orders')
    .select([...columns, 'request_hash'])
    .where('buyer_id', '=', buyerId)
    .where('idempotency_key', '=', idempotencyKey)
    .executeTakeFirst();
  return row === undefined ? undefined : { order: toOrder(row), requestHash: row.request_hash };
}

export async function findOrder(db: OrdersDb, orderId: string): Promise<Order | undefined> {
  const row = await db.selectFrom('orders').select(columns).where('order_id', '=', orderId).executeTakeFirst();
  return row === undefined ? undefined : toOrder(row);
}

export async function lockOrder(db: OrdersDb, orderId: string): Promise<Order | undefined> {
  const row = await db
    .selectFrom('orders')
    .select(columns)
    .where('order_id', '=', orderId)
    .forUpdate()
    .executeTakeFirst();
  return row === undefined ? undefined : toOrder(row);
}

/** The buyer's orders before the one given, newest first, with the link to the payment page where there is one. */
export async function listOrdersByBuyer(db: OrdersDb, buyerId: string, before: string | undefined, limit: number) {
  const rows = await db
    .selectFrom('orders')
    .leftJoin('payments', 'payments.order_id', 'orders.order_id')
    .select(columns.map((column) => `orders.${column}` as const))
    .select('payments.payment_url')
    .select(
      sql<number>`coalesce(orders.photo_count, (
        select count(*)::int from order_items where order_items.order_id = orders.order_id
      ))`.as('photo_count'),
    )
    .where('buyer_id', '=', buyerId)
    .where((eb) => (before === undefined ? eb.lit(true) : eb('orders.order_id', '<', before)))
    .orderBy('orders.order_id', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    order: toOrder(row),
    paymentUrl: row.payment_url ?? undefined,
    photoCount: row.photo_count,
  }));
}

export async function listOrderItems(db: OrdersDb, orderId: string): Promise<OrderItem[]> {
  return db
    .selectFrom('order_items')
    .select(['photo_id as photoId', 'creator_id as creatorId', 'title', 'sale'])
    .select(['price_idr as priceIdr', 'commission_idr as commissionIdr'])
    .where('order_id', '=', orderId)
    .orderBy('position')
    .execute();
}

export async function countPendingOrders(db: OrdersDb, buyerId: string): Promise<number> {
  const { count } = await db
    .selectFrom('orders')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('buyer_id', '=', buyerId)
    .where('state', '=', 'pending')
    .executeTakeFirstOrThrow();
  return count;
}

/** Of all buyers, by the index of those that wait. */
export async function countOrdersToCheck(db: OrdersDb): Promise<number> {
  const { count } = await db
    .selectFrom('orders')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('state', '=', 'pending')
    .executeTakeFirstOrThrow();
  return count;
}

/** Ends a pending order, or makes a closed one paid; `from` is the state that the caller saw under lock. */
export async function markOrderClosed(
  db: OrdersDb,
  orderId: string,
  from: Order['state'],
  to: Exclude<Order['state'], 'pending'>,
  closedAt: Date,
): Promise<void> {
  const { numUpdatedRows } = await db
    .updateTable('orders')
    .set({ state: to, closed_at: closedAt })
    .where('order_id', '=', orderId)
    .where('state', '=', from)
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) throw new Error(`the order ${orderId} is no longer ${from}`);
}

/** Takes pending orders that are to be looked at; they are taken again at `nextCheckAt`, or at their end when that is sooner. */
export async function claimOrdersToCheck(
  db: OrdersDb,
  now: Date,
  nextCheckAt: Date,
  limit: number,
): Promise<{ orderId: string; expiresAt: Date }[]> {
  return db
    .with('due', (query) =>
      query
        .selectFrom('orders')
        .select('order_id')
        .where('state', '=', 'pending')
        .where('next_check_at', '<=', now)
        .orderBy('next_check_at')
        .limit(limit)
        .forUpdate()
        .skipLocked(),
    )
    .updateTable('orders')
    .from('due')
    .set({
      next_check_at: sql<Date>`case when expires_at > ${now} then least(expires_at, ${nextCheckAt}) else ${nextCheckAt} end`,
    })
    .whereRef('orders.order_id', '=', 'due.order_id')
    .returning(['orders.order_id as orderId', 'orders.expires_at as expiresAt'])
    .execute();
}
