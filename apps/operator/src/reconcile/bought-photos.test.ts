import { migrate } from '@kilas/platform/db/migrate.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import { createTestDatabase } from '@kilas/testkit/test-database.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { saleChecks } from './checks/sales.ts';
import { openForReading } from './database.ts';
import type { Parties } from './parties.ts';
import { PhotoTables } from './photo.ts';
import { TransactionTables } from './transaction.ts';

const buyer = newId();
let parties: Pick<Parties, 'photo' | 'transaction' | 'before'>;
let close: () => Promise<void>;

beforeAll(async () => {
  const [photoDatabase, books] = [await createTestDatabase(), await createTestDatabase()];
  const photo = new PhotoTables(openForReading(photoDatabase.url));
  const transaction = new TransactionTables(openForReading(books.url));
  const services = new URL('../../../../services/', import.meta.url);
  await migrate(photo.db, new URL('photo/src/db/migrations/', services));
  await migrate(transaction.db, new URL('transaction/src/db/migrations/', services));
  parties = { photo, transaction, before: new Date(Date.now() + 60_000) };
  close = async () => {
    await photo.db.destroy();
    await transaction.db.destroy();
    await photoDatabase.drop();
    await books.drop();
  };
});

afterAll(() => close?.());

async function sell(photoIds: readonly string[]): Promise<void> {
  const orderId = newId();
  const { db } = parties.transaction;
  await sql`insert into orders (order_id, buyer_id, state, total_idr, idempotency_key, request_hash, created_at, expires_at,
      next_check_at, closed_at)
    values (${orderId}, ${buyer}, 'paid', 0, ${orderId}, '', now(), now(), now(), now())`.execute(db);
  for (const [position, photoId] of photoIds.entries()) {
    await sql`insert into order_items (order_id, photo_id, position, creator_id, title, sale, price_idr, commission_idr)
      values (${orderId}, ${photoId}, ${position}, ${newId()}, '', 'shared', 0, 0)`.execute(db);
    await sql`insert into licences (licence_id, order_id, photo_id, buyer_id, creator_id, is_exclusive, granted_at)
      select ${newId()}, order_id, photo_id, ${buyer}, creator_id, false, now() from order_items
      where photo_id = ${photoId}`.execute(db);
  }
}

async function mend(name: string) {
  const check = saleChecks(parties as Parties).find((one) => one.name === name);
  if (check === undefined) throw new Error(`there is no check "${name}"`);
  return check.run({ isMending: true, isForced: false, isDeletingOriginals: false, isServing: false });
}

async function bought(): Promise<string[]> {
  const pages = await Array.fromAsync(parties.photo.bought());
  return pages.flat().map(({ photoId }) => photoId);
}

test('what was sold before the catalogue kept who bought what is told it all, however much it is', async () => {
  const photoIds = Array.from({ length: 25 }, () => newId()).sort();
  await sell(photoIds);
  expect(await mend('licences → bought photos')).toMatchObject({ dangling: 25, mended: 25, isHeldBack: false });
  expect(await bought()).toEqual(photoIds);
});

test('what was sold after the state that the books were restored to can be bought again', async () => {
  const known = await bought();
  await parties.photo.addBought([{ buyerId: buyer, photoId: newId() }]);
  expect(await mend('bought photos → licences')).toMatchObject({ dangling: 1, mended: 1 });
  expect(await bought()).toEqual(known);
});
