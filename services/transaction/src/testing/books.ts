import { PhotosSoldSchema } from '@kilas/contracts/gen/kilas/transaction/v1/events_pb.js';
import { type Kysely, sql } from 'kysely';
import type { TransactionSchema } from '../db/schema.ts';

/** What has the books of a shop. */
interface Shop {
  readonly db: Kysely<TransactionSchema>;
}

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

/** Sales that were told of an order, per subscriber, whether they wait or were delivered. */
export async function countSoldEvents(shop: Shop, orderId: string): Promise<Record<string, number>> {
  const { rows } = await sql<{ subscriber: string; count: number }>`
    select subscriber, count(*)::int as count from test_published where key = ${orderId} and type = ${PhotosSoldSchema.typeName} group by subscriber`.execute(
    shop.db,
  );
  return Object.fromEntries(rows.map(({ subscriber, count }) => [subscriber, count]));
}

/** From here on a copy of each publication stays, since what was delivered is deleted. */
export async function keepPublished(db: Shop['db']): Promise<void> {
  await sql
    .raw(`create table test_published (subscriber text, key text, type text);
      create function test_keep_published() returns trigger language plpgsql as $$
        begin insert into test_published values (new.subscriber, new.key, new.type); return new; end $$;
      create trigger test_keep_published after insert on outbox_events for each row execute function test_keep_published()`)
    .execute(db);
}
