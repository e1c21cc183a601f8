import { sql } from 'kysely';
import type { Shop } from './start-shop.ts';

/** Balances of all accounts that moved because of an order, without zeros; a credit is negative. */
export async function balancesOf(shop: Shop, orderId: string): Promise<Record<string, number>> {
  const received = shop.db
    .selectFrom('received_payments')
    .select('received_payment_id')
    .where('order_id', '=', orderId);
  const rows = await shop.db
    .selectFrom('postings')
    .innerJoin('entries', 'entries.entry_id', 'postings.entry_id')
    .select(['account', sql<bigint>`sum(amount_idr)::bigint`.as('balance')])
    .where((eb) => eb.or([eb('entries.source_id', '=', orderId), eb('entries.source_id', 'in', received)]))
    .groupBy('account')
    .execute();
  return Object.fromEntries(rows.map(({ account, balance }) => [account, Number(balance)]));
}

/** What all accounts together come to. */
export async function sumOfBooks(shop: Shop): Promise<bigint> {
  const row = await shop.db
    .selectFrom('postings')
    .select(sql<bigint>`coalesce(sum(amount_idr), 0)::bigint`.as('sum'))
    .executeTakeFirstOrThrow();
  return row.sum;
}

export async function countLicences(shop: Shop, photoId: string): Promise<number> {
  return (await shop.db.selectFrom('licences').select('licence_id').where('photo_id', '=', photoId).execute()).length;
}

/** Events that wait or were delivered, per subscriber, for an order. */
export async function countSoldEvents(shop: Shop, orderId: string): Promise<Record<string, number>> {
  const { rows } = await sql<{ name: string; count: number }>`
    select name, count(*)::int as count from jobs.job
    where name like 'events-to-%' and data->'data'->>'key' = ${orderId} group by name`.execute(shop.db);
  return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
}
