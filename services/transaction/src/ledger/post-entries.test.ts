import { newId } from '@kilas/platform/process/ids.ts';
import type { Transaction } from 'kysely';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TransactionSchema } from '../db/schema.ts';
import { balancesOf } from '../testing/books.ts';
import { type OrderJson, placeOrder } from '../testing/client.ts';
import { paidNotice, sendNotice } from '../testing/notices.ts';
import { type Shop, startShop } from '../testing/start-shop.ts';
import { together } from '../testing/together.ts';
import { hashOfEntry } from './entry.ts';
import { listEntriesBySequence } from './entry-store.ts';
import { postEntries } from './post-entries.ts';
import { verifyChain } from './verify-chain.ts';

type Tx = Transaction<TransactionSchema>;

let shop: Shop;
beforeAll(async () => {
  shop = await startShop();
  for (const priceIdr of [10_000, 20_000, 30_000]) await sell(priceIdr);
});
afterAll(() => shop.close());

async function order(...prices: number[]): Promise<OrderJson> {
  const buyer = await shop.signUp();
  const lines = [];
  for (const priceIdr of prices) lines.push({ photoId: await shop.addPhoto({ priceIdr }), priceIdr });
  return placeOrder(shop.system, buyer, lines);
}

async function pay(ordered: OrderJson): Promise<void> {
  const now = new Date();
  expect((await sendNotice(shop.system, paidNotice(ordered, now), { at: now })).statusCode).toBe(204);
}

async function sell(...prices: number[]): Promise<OrderJson> {
  const ordered = await order(...prices);
  await pay(ordered);
  return ordered;
}

class RolledBack extends Error {}

/** What a look at the books says while they are changed in a way that is taken back afterwards. */
async function whileTampered<Result>(tamper: (tx: Tx) => Promise<unknown>, look: (tx: Tx) => Promise<Result>) {
  let result: Result | undefined;
  await shop.db
    .transaction()
    .execute(async (tx) => {
      await sql`alter table entries disable trigger user`.execute(tx);
      await sql`alter table postings disable trigger user`.execute(tx);
      await tamper(tx);
      result = await look(tx);
      throw new RolledBack();
    })
    .catch((error: unknown) => {
      if (!(error instanceof RolledBack)) throw error;
    });
  return result;
}

test('commission is rounded down photo by photo, and the creator gets the rest', async () => {
  const sold = await sell(999, 1, 4);
  expect(await balancesOf(shop, sold.orderId)).toEqual({
    'platform:cash': 1004,
    'platform:commission': -199,
    [`creator:${shop.creator.accountId}`]: -805,
  });
});

test.each(['entries', 'postings'])('nobody changes, deletes or empties the table %s', async (table) => {
  const change =
    table === 'entries' ? sql`update entries set posted_at = now()` : sql`update postings set amount_idr = 1`;
  await expect(change.execute(shop.db)).rejects.toThrow('the ledger is append-only: UPDATE');
  await expect(sql`delete from ${sql.table(table)}`.execute(shop.db)).rejects.toThrow('append-only: DELETE');
  await expect(sql`truncate ${sql.table(table)} cascade`.execute(shop.db)).rejects.toThrow('append-only: TRUNCATE');
});

const entryRow = (changes: object = {}) => ({
  entry_id: newId(),
  sequence: 1_000_000n,
  kind: 'sale' as const,
  source_id: newId(),
  posted_at: new Date(),
  posting_count: 2,
  previous_hash: '',
  hash: '',
  ...changes,
});

test('the database refuses an entry that does not sum to zero, or has no postings', async () => {
  const lopsided = shop.db.transaction().execute(async (tx) => {
    const entry = entryRow();
    await tx.insertInto('entries').values(entry).execute();
    const postings = [1000n, -999n].map((amount_idr, position) => ({
      entry_id: entry.entry_id,
      position,
      account: position === 0 ? 'platform:cash' : 'platform:commission',
      amount_idr,
      photo_id: null,
    }));
    await tx.insertInto('postings').values(postings).execute();
  });
  await expect(lopsided).rejects.toThrow('does not balance');
  await expect(shop.db.insertInto('entries').values(entryRow()).execute()).rejects.toThrow('does not balance');
});

test('the database refuses postings that are added to an entry later, even when they balance', async () => {
  const [entry] = await listEntriesBySequence(shop.db, 0n, 1);
  const added = shop.db
    .insertInto('postings')
    .values(
      [5n, -5n].map((amount_idr, at) => ({
        entry_id: entry?.entryId ?? '',
        position: 10 + at,
        account: at === 0 ? 'platform:cash' : 'platform:commission',
        amount_idr,
        photo_id: null,
      })),
    )
    .execute();
  await expect(added).rejects.toThrow('does not balance');
});

test('the database refuses to post the same sale twice, and accounts that do not exist', async () => {
  const [entry] = await listEntriesBySequence(shop.db, 0n, 1);
  const twice = shop.db
    .insertInto('entries')
    .values(entryRow({ source_id: entry?.sourceId ?? '' }))
    .execute();
  await expect(twice).rejects.toThrow('entries_source_once');
  const misspelt = shop.db
    .insertInto('postings')
    .values({ entry_id: entry?.entryId ?? '', position: 9, account: 'platform:csah', amount_idr: 1n, photo_id: null })
    .execute();
  await expect(misspelt).rejects.toThrow('postings_account');
});

test('the chain of an honest ledger is intact, also after sales that were settled at once', async () => {
  const orders = await Promise.all(Array.from({ length: 8 }, (_, at) => order(1000 + at)));
  await together(
    shop,
    orders.map((ordered) => () => pay(ordered)),
  );
  const verdict = await verifyChain({ db: shop.db });
  const entries = await listEntriesBySequence(shop.db, 0n, 1000);
  expect(verdict).toEqual({ state: 'intact', sequence: BigInt(entries.length), hash: entries.at(-1)?.hash });
});

test('an amount that was changed behind our back shows, and the entry is named', async () => {
  const [, entry] = await listEntriesBySequence(shop.db, 0n, 2);
  const verdict = await whileTampered(
    (tx) => sql`update postings set amount_idr = amount_idr * 2 where entry_id = ${entry?.entryId}`.execute(tx),
    (tx) => verifyChain({ db: tx }),
  );
  expect(verdict).toEqual({ state: 'broken', sequence: 2n, entryId: entry?.entryId, fault: 'altered' });
});

test('an entry that was changed together with its seal shows at the next one', async () => {
  const [first, second] = await listEntriesBySequence(shop.db, 0n, 2);
  if (first === undefined || second === undefined) throw new Error('there are no two entries');
  const forged = { ...first, postedAt: new Date(0) };
  const verdict = await whileTampered(
    (tx) =>
      tx
        .updateTable('entries')
        .set({ posted_at: forged.postedAt, hash: hashOfEntry(forged, first.previousHash) })
        .where('entry_id', '=', first.entryId)
        .execute(),
    (tx) => verifyChain({ db: tx }),
  );
  expect(verdict).toEqual({ state: 'broken', sequence: 2n, entryId: second.entryId, fault: 'altered' });
});

test('the last entry, changed together with its seal, shows at the head of the chain', async () => {
  const entries = await listEntriesBySequence(shop.db, 0n, 1000);
  const last = entries.at(-1);
  if (last === undefined) throw new Error('there is no entry');
  const forged = { ...last, postedAt: new Date(0) };
  const verdict = await whileTampered(
    (tx) =>
      tx
        .updateTable('entries')
        .set({ posted_at: forged.postedAt, hash: hashOfEntry(forged, last.previousHash) })
        .where('entry_id', '=', last.entryId)
        .execute(),
    (tx) => verifyChain({ db: tx }),
  );
  expect(verdict).toEqual({ state: 'broken', sequence: last.sequence, fault: 'altered' });
});

test.each([
  ["update entries set previous_hash = 'another one'", 'altered'],
  ['update entries set posting_count = posting_count + 1', 'unbalanced'],
])('what an entry says beside its seal shows: %s', async (statement, fault) => {
  const [, entry] = await listEntriesBySequence(shop.db, 0n, 2);
  const verdict = await whileTampered(
    (tx) => sql`${sql.raw(statement)} where entry_id = ${entry?.entryId}`.execute(tx),
    (tx) => verifyChain({ db: tx }),
  );
  expect(verdict).toEqual({ state: 'broken', sequence: 2n, entryId: entry?.entryId, fault });
});

test('an entry that was taken out shows, also the last one', async () => {
  const entries = await listEntriesBySequence(shop.db, 0n, 1000);
  for (const entry of [entries[1], entries.at(-1)]) {
    const verdict = await whileTampered(
      async (tx) => {
        await sql`delete from postings where entry_id = ${entry?.entryId}`.execute(tx);
        await sql`delete from entries where entry_id = ${entry?.entryId}`.execute(tx);
      },
      (tx) => verifyChain({ db: tx }),
    );
    expect(verdict).toEqual({ state: 'broken', sequence: entry?.sequence, fault: 'missing' });
  }
});

test.each([[[2, -1]], [[0]], [[]]])(
  'postings of %j are no entry, and nothing of it reaches the database',
  async (amounts) => {
    const postings = amounts.map((amount) => ({ account: 'platform:cash', amountIdr: BigInt(amount) }));
    const entry = { kind: 'sale', sourceId: newId(), postings } as const;
    const posting = shop.db.transaction().execute((tx) => postEntries(tx, new Date(), [entry]));
    await expect(posting).rejects.toThrow('does not balance');
  },
);
