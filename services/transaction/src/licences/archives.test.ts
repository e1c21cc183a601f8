import { newId } from '@kilas/platform/process/ids.ts';
import { drivenClock } from '@kilas/testkit/drive-clock.ts';
import type { Member } from '@kilas/testkit/sign-up.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reconcileOrdersJob } from '../orders/jobs.ts';
import { fetchOrder, placeOrder, refusalIn } from '../testing/client.ts';
import { paidNotice, sendNotice } from '../testing/notices.ts';
import { runJob } from '../testing/run-job.ts';
import { type Shop, startShop } from '../testing/start-shop.ts';

let shop: Shop;
const clock = drivenClock();
beforeAll(async () => {
  shop = await startShop({ clock, env: { ORDER_LIFETIME_SECONDS: '60', LATE_GRACE_SECONDS: '30' } });
});
afterAll(() => shop?.close());

/** Without upload, which makes the archive: what is let through ends there. The way to the ZIP is in tests/archive.test.ts. */
const letThrough = '503 SERVICE_UNAVAILABLE';

async function ask(member: Member, payload: object = {}): Promise<string> {
  const url = '/v1/purchases/archives';
  return refusalIn(await shop.system.app.inject({ method: 'POST', url, headers: member.headers, payload }));
}

async function buy(buyer: Member) {
  const photoId = await shop.addPhoto({ priceIdr: 0 });
  const { orderId } = await placeOrder(shop.system, buyer, [{ photoId, priceIdr: 0 }]);
  return { photoId, orderId };
}

test('an archive is of what I bought: of all, of one order, of photos that I name; while upload is away that is said', async () => {
  const buyer = await shop.signUp();
  const [first, second] = [await buy(buyer), await buy(buyer)];
  const photoIds = [first.photoId, second.photoId, first.photoId];
  for (const wanted of [{}, { orderId: first.orderId }, { photoIds }])
    expect(await ask(buyer, wanted)).toBe(letThrough);
});

test('a photo that I did not buy is in no archive, not even beside those that I bought', async () => {
  const [buyer, stranger] = [await shop.signUp(), await shop.signUp()];
  const { photoId, orderId } = await buy(buyer);
  const other = await shop.addPhoto({ priceIdr: 0 });
  expect(await ask(buyer, { photoIds: [photoId, other] })).toBe('404 PURCHASE_NOT_FOUND');
  expect(await ask(buyer, { photoIds: [newId()] })).toBe('404 PURCHASE_NOT_FOUND');
  expect(await ask(stranger, { photoIds: [photoId] })).toBe('404 PURCHASE_NOT_FOUND');
  expect(await ask(stranger, { orderId })).toBe('404 NOTHING_PURCHASED');
  expect(await ask(shop.creator, { photoIds: [photoId] })).toBe('404 PURCHASE_NOT_FOUND');
  const unnamed = await shop.system.app.inject({ method: 'POST', url: '/v1/purchases/archives', payload: {} });
  expect(refusalIn(unnamed)).toBe('401 TOKEN_MISSING');
});

test('who bought nothing is told so, and an order that is not paid, or whose money is owed back, has no photos', async () => {
  const buyer = await shop.signUp();
  expect(await ask(buyer)).toBe('404 NOTHING_PURCHASED');
  const photoId = await shop.addPhoto({ priceIdr: 10_000 });
  const { orderId } = await placeOrder(shop.system, buyer, [{ photoId, priceIdr: 10_000 }]);
  expect(await ask(buyer, { orderId })).toBe('404 NOTHING_PURCHASED');
  expect(await ask(buyer, { photoIds: [photoId] })).toBe('404 PURCHASE_NOT_FOUND');
  clock.advance(100);
  await runJob(shop, reconcileOrdersJob, {});
  const order = { orderId, totalIdr: 10_000 };
  expect((await sendNotice(shop.system, paidNotice(order, clock.now()), { at: clock.now() })).statusCode).toBe(204);
  expect(await fetchOrder(shop.system, buyer, orderId)).toMatchObject({ refunds: [{ reason: 'too_late' }] });
  expect(await ask(buyer, { orderId })).toBe('404 NOTHING_PURCHASED');
  expect(await ask(buyer, { photoIds: [photoId] })).toBe('404 PURCHASE_NOT_FOUND');
});

test('an empty list, both fields, one that is unknown, more than 2,000 photos: each is refused as what it is', async () => {
  const buyer = await shop.signUp();
  const tooMany = Array.from({ length: 2001 }, () => newId());
  const { photoId, orderId } = await buy(buyer);
  const bodies = [{ photoIds: [] }, { photoIds: tooMany }, { photoIds: [photoId], orderId }, { memberId: newId() }];
  for (const body of bodies) expect(await ask(buyer, body)).toBe('400 REQUEST_INVALID');
});
