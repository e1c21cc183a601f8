import { waitFor } from '@kilas/testkit/wait-for.ts';
import { sql, type Transaction } from 'kysely';
import type { TransactionSchema } from '../db/schema.ts';
import type { Shop } from './start-shop.ts';

/** Waits until so many connections of the service wait for a lock. */
export async function waitForWaiters(shop: Shop, count: number): Promise<void> {
  const countWaiting = async () => {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`.execute(shop.db);
    return rows[0]?.count;
  };
  await waitFor(async () => (await countWaiting()) === count, { what: `${count} to wait for a lock` });
}

/** Opens a transaction that takes its locks at once; the function returned lets it go on to its end. */
export async function holdLocks(
  shop: Shop,
  take: (tx: Transaction<TransactionSchema>) => Promise<unknown>,
  finish: (tx: Transaction<TransactionSchema>) => Promise<unknown> = async () => {},
): Promise<() => Promise<void>> {
  const taken = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const holding = shop.db.transaction().execute(async (tx) => {
    await take(tx);
    taken.resolve();
    await released.promise;
    await finish(tx);
  });
  await Promise.race([taken.promise, holding]);
  return async () => {
    released.resolve();
    await holding;
  };
}
