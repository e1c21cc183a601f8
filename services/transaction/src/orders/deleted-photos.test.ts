import type { Interceptor } from '@connectrpc/connect';
import { interceptorsOf } from '@kilas/platform/service/service.ts';
import { drivenClock } from '@kilas/testkit/drive-clock.ts';
import { query } from '@kilas/testkit/query.ts';
import type { Member } from '@kilas/testkit/sign-up.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { sumOfBooks } from '../testing/books.ts';
import { fetchOrder, placeOrder, postCancel, postOrder, purchasedPhotos, refusalIn } from '../testing/client.ts';
import { holdLocks, waitForWaiters } from '../testing/locks.ts';
import { paidNotice, sendNotice } from '../testing/notices.ts';
import { runJob } from '../testing/run-job.ts';
import { type Shop, startShop } from '../testing/start-shop.ts';
import { reconcileOrdersJob } from './jobs.ts';
import { lockBuyer } from './order-store.ts';

const priceIdr = 10_000;
const clock = drivenClock();
let shop: Shop;
let creator: Member;
let buyer: Member;
beforeAll(async () => {
  shop = await startShop({ clock, env: { ORDER_LIFETIME_SECONDS: '60', LATE_GRACE_SECONDS: '30' } });
});
beforeEach(async () => {
  // The clock stood still for the tokens before.
  creator = await shop.signUp({ creator: true });
  buyer = await shop.signUp();
});
afterAll(() => shop.close());

/** `deleted`, or why not. */
async function remove(photoId: string): Promise<string> {
  const payload = { photoIds: [photoId] };
  const { headers } = creator;
  const reply = await shop.system.app.inject({ method: 'POST', url: '/v1/creator/photos/delete', headers, payload });
  const [item] = reply.json().items;
  return item.problem?.code ?? item.outcome;
}

/** Runs something before each call that has photos held. */
async function beforeHolding<T>(act: () => Promise<unknown>, run: () => Promise<T>): Promise<T> {
  const service = shop.system.service('photo');
  const handler = { routes: service.rpc, interceptors: interceptorsOf(service) };
  const intercept: Interceptor = (next) => async (request) => {
    if (request.method.name === 'HoldPhotos') await act();
    return next(request);
  };
  shop.system.network.serve('photo', { ...handler, interceptors: [intercept, ...handler.interceptors] });
  try {
    return await run();
  } finally {
    shop.system.network.serve('photo', handler);
  }
}

const addPhoto = (price = priceIdr) => shop.addPhoto({ priceIdr: price, creator });
const order = (photoId: string, price = priceIdr) => postOrder(shop.system, buyer, [{ photoId, priceIdr: price }]);
const place = (photoId: string) => placeOrder(shop.system, buyer, [{ photoId, priceIdr }]);

test('a photo of an order that is being made is not deleted, before photo hears of the order either', async () => {
  const photoId = await addPhoto();
  const letGo = await holdLocks(shop, (tx) => lockBuyer(tx, buyer.accountId));
  const ordering = order(photoId);
  await waitForWaiters(shop, 1);
  expect(await remove(photoId)).toBe('PHOTO_RESERVED');
  await letGo();
  expect((await ordering).statusCode).toBe(201);
  expect(await remove(photoId)).toBe('PHOTO_RESERVED');
});

test('an order whose photo is deleted while it is made does not come about', async () => {
  const [gone, there] = [await addPhoto(), await addPhoto()];
  const lines = [gone, there].map((photoId) => ({ photoId, priceIdr }));
  let removed = '';
  const reply = await beforeHolding(
    async () => (removed = await remove(gone)),
    () => postOrder(shop.system, buyer, lines),
  );
  expect([removed, refusalIn(reply)]).toEqual(['deleted', '404 PHOTO_NOT_FOUND']);
  expect(await shop.db.selectFrom('reservations').selectAll().where('photo_id', 'in', [gone, there]).execute()).toEqual(
    [],
  );
  // The other one was held, and is let go.
  await waitFor(async () => (await remove(there)) === 'deleted', { what: 'the other photo to be free' });
});

test('orders and deletions of the same photo at once: one of them, never both', async () => {
  for (let round = 0; round < 8; round++) {
    const photoId = await addPhoto(0);
    const [ordered, removed] = await Promise.all([order(photoId, 0), remove(photoId)]);
    expect(['deleted 404', 'PHOTO_RESERVED 201', 'PHOTO_SOLD 201']).toContain(`${removed} ${ordered.statusCode}`);
    const isLicensed = (await purchasedPhotos(shop.system, buyer)).includes(photoId);
    expect(isLicensed).toBe(removed !== 'deleted');
  }
});

test('an order that is refused, or that was there before, holds nothing', async () => {
  const photoId = await addPhoto();
  expect(refusalIn(await order(photoId, 1))).toBe('409 PRICE_CHANGED');
  await waitFor(async () => (await remove(photoId)) === 'deleted', { what: 'the photo to be free' });

  const other = await addPhoto();
  const lines = [{ photoId: other, priceIdr }];
  const letGo = await holdLocks(shop, (tx) => lockBuyer(tx, buyer.accountId));
  const twins = [1, 2].map(() => postOrder(shop.system, buyer, lines, { key: 'one-key-for-both' }));
  await waitForWaiters(shop, 2);
  await letGo();
  const [one, two] = await Promise.all(twins);
  expect([one?.statusCode, two?.statusCode].sort()).toEqual([200, 201]);
  expect(one?.json().orderId).toBe(two?.json().orderId);
  await postCancel(shop.system, buyer, one?.json().orderId);
  await waitFor(async () => (await remove(other)) === 'deleted', { what: 'the photo to be free' });
});

test('a photo stays that was sold, also before photo hears of the sale', async () => {
  const photoId = await addPhoto(0);
  expect((await order(photoId, 0)).statusCode).toBe(201);
  expect(await remove(photoId)).not.toBe('deleted');
  await waitFor(async () => (await remove(photoId)) === 'PHOTO_SOLD', { what: 'photo to hear of the sale' });
});

async function letExpire(orderId: string): Promise<void> {
  clock.advance(60);
  await runJob(shop, reconcileOrdersJob, {});
  expect((await fetchOrder(shop.system, buyer, orderId)).status).toBe('expired');
}

test('late money for a photo that was deleted meanwhile is owed back', async () => {
  const photoId = await addPhoto();
  const late = await place(photoId);
  await letExpire(late.orderId);
  await waitFor(async () => (await remove(photoId)) === 'deleted', { what: 'the photo to be free' });
  const notice = paidNotice(late, clock.now());
  expect((await sendNotice(shop.system, notice, { at: clock.now() })).statusCode).toBe(204);
  expect(await fetchOrder(shop.system, buyer, late.orderId)).toMatchObject({
    status: 'expired',
    refunds: [{ amountIdr: priceIdr, reason: 'photo_taken', status: 'due' }],
  });
  expect(await sumOfBooks(shop)).toBe(0n);
});

test('late money that is being taken holds the photo', async () => {
  const photoId = await addPhoto();
  const late = await place(photoId);
  await letExpire(late.orderId);
  const isFree = async () =>
    (await query(shop.system.databaseUrls.photo, 'select from reserved_photos where photo_id = $1', [photoId]))
      .length === 0;
  await waitFor(isFree, { what: 'photo to hear of the end' });
  const notice = paidNotice(late, clock.now());
  expect((await sendNotice(shop.system, notice, { at: clock.now() })).statusCode).toBe(204);
  expect(await remove(photoId)).not.toBe('deleted');
  expect((await fetchOrder(shop.system, buyer, late.orderId)).status).toBe('paid');
});

test('late money waits while photo is away, and buys when it is back', async () => {
  const late = await place(await addPhoto());
  await letExpire(late.orderId);
  const notice = paidNotice(late, clock.now());
  const bringBack = shop.takePhotoAway();
  expect((await sendNotice(shop.system, notice, { at: clock.now() })).statusCode).toBe(503);
  bringBack();
  expect((await sendNotice(shop.system, notice, { at: clock.now() })).statusCode).toBe(204);
  expect((await fetchOrder(shop.system, buyer, late.orderId)).status).toBe('paid');
});
