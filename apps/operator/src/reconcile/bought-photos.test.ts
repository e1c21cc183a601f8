import { openHoldings as openPhoto } from '@kilas/photo/reconcile/open-holdings.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import { openHoldings as openTransaction } from '@kilas/transaction/reconcile/open-holdings.ts';
import { sql } from 'kysely';
import { afterAll, expect, test } from 'vitest';
import { openEmptyService } from '../testing/open-empty-service.ts';
import { saleChecks } from './checks/sales.ts';
import type { Parties } from './parties.ts';

const buyer = newId();
const [catalogue, books] = [
  await openEmptyService('photo', openPhoto),
  await openEmptyService('transaction', openTransaction),
];
const [photo, transaction, booksDb] = [catalogue.door, books.door, books.db];

afterAll(async () => {
  await catalogue.close();
  await books.close();
});

async function sell(photoIds: readonly string[]): Promise<void> {
  const orderId = newId();
  await sql`insert into orders (order_id, buyer_id, state, total_idr, idempotency_key, request_hash, created_at, expires_at,
      next_check_at, closed_at)
    values (${orderId}, ${buyer}, 'paid', 0, ${orderId}, '', now(), now(), now(), now())`.execute(booksDb);
  for (const [position, photoId] of photoIds.entries()) {
    await sql`insert into order_items (order_id, photo_id, position, creator_id, title, sale, price_idr, commission_idr)
      values (${orderId}, ${photoId}, ${position}, ${newId()}, '', 'shared', 0, 0)`.execute(booksDb);
    await sql`insert into licences (licence_id, order_id, photo_id, buyer_id, creator_id, is_exclusive, granted_at)
      select ${newId()}, order_id, photo_id, ${buyer}, creator_id, false, now() from order_items
      where photo_id = ${photoId}`.execute(booksDb);
  }
}

async function mend(name: string) {
  const check = saleChecks({ photo, transaction } as Parties).find((one) => one.name === name);
  if (check === undefined) throw new Error(`there is no check "${name}"`);
  return check.run({ isMending: true, isForced: false, isDeletingOriginals: false, isServing: false });
}

async function bought(): Promise<string[]> {
  const pages = await Array.fromAsync(photo.holds.bought.pages());
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
  await photo.mends.addBought([{ buyerId: buyer, photoId: newId() }]);
  expect(await mend('bought photos → licences')).toMatchObject({ dangling: 1, mended: 1 });
  expect(await bought()).toEqual(known);
});
