import type { Member } from '@kilas/testkit/sign-up.ts';
import { type Watched, watchStatements } from '@kilas/testkit/watch-statements.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Line, placeOrder, postOrder, postPreview } from '../testing/client.ts';
import { type Shop, startShop } from '../testing/start-shop.ts';

let shop: Shop;
let buyer: Member;
const lines: Line[] = [];

beforeAll(async () => {
  // Without what goes on by itself, such as the telling of events.
  shop = await startShop({ isWorking: false });
  buyer = await shop.signUp();
  for (let count = 0; count < 2; count++) {
    lines.push({ photoId: await shop.addPhoto({ priceIdr: 1_000 }), priceIdr: 1_000 });
  }
  // The queue looks its kinds up once.
  await placeOrder(shop.system, buyer, [{ photoId: await shop.addPhoto({ priceIdr: 1_000 }), priceIdr: 1_000 }]);
});
afterAll(() => shop.close());

const watch = (run: () => Promise<unknown>) =>
  watchStatements(shop.system.databaseUrls.transaction, 'kilas-transaction ', run);

const waits = (statements: readonly Watched[]) => statements.filter(({ isWaitedFor }) => isWaitedFor).length;

test('a preview asks its own database what stands in the way, while photo is asked for the prices', async () => {
  const photoIds = lines.map(({ photoId }) => photoId);
  const seen = await watch(async () => expect((await postPreview(shop.system, buyer, photoIds)).statusCode).toBe(200));
  expect(seen.map(({ text }) => text.slice(0, 7))).toEqual(['select ', 'select ']);
});

test('an order waits for its database six times, and commits what nobody may forget once', async () => {
  const seen = await watch(async () => expect((await postOrder(shop.system, buyer, lines)).statusCode).toBe(201));
  // Its key; the lock with what it guards; all that is written; the commit; the payment page; that it is there.
  expect(waits(seen)).toBe(6);
  expect(seen.map(({ text }) => text).filter((text) => /^(begin|commit)/.test(text))).toEqual(['begin', 'commit']);
  expect(seen.length).toBeLessThanOrEqual(16);
});
