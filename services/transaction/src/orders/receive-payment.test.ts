import { newId } from '@kilas/platform/process/ids.ts';
import { drivenClock } from '@kilas/testkit/drive-clock.ts';
import type { Member } from '@kilas/testkit/sign-up.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { balancesOf, countLicences, countSoldEvents, sumOfBooks } from '../testing/books.ts';
import {
  fetchOrder,
  type OrderJson,
  placeOrder,
  postCancel,
  postOrder,
  purchasedPhotos,
  refusalIn,
} from '../testing/client.ts';
import { paidNotice, sendNotice } from '../testing/notices.ts';
import { runJob } from '../testing/run-job.ts';
import { type Shop, startShop } from '../testing/start-shop.ts';
import { times, together } from '../testing/together.ts';
import { reconcileOrdersJob } from './jobs.ts';

const lifetimeSeconds = 60;
const graceSeconds = 30;

const clock = drivenClock();
let shop: Shop;
beforeAll(async () => {
  const env = { ORDER_LIFETIME_SECONDS: String(lifetimeSeconds), LATE_GRACE_SECONDS: String(graceSeconds) };
  shop = await startShop({ clock, env });
});
afterEach(async () => {
  expect(await sumOfBooks(shop), 'the books balance').toBe(0n);
});
afterAll(() => shop.close());

async function orderOnePhoto(sale: 'shared' | 'exclusive' = 'shared') {
  const buyer = await shop.signUp();
  const photoId = await shop.addPhoto({ priceIdr: 10_000, sale });
  const order = await placeOrder(shop.system, buyer, [{ photoId, priceIdr: 10_000 }]);
  return { buyer, photoId, order };
}

async function letExpire(...orders: OrderJson[]): Promise<void> {
  clock.advance(lifetimeSeconds);
  await runJob(shop, reconcileOrdersJob, {});
  for (const { orderId } of orders) {
    const row = await shop.db.selectFrom('orders').select('state').where('order_id', '=', orderId).executeTakeFirst();
    expect(row?.state).toBe('expired');
  }
}

function pay(order: OrderJson, changes: object = {}) {
  return sendNotice(shop.system, paidNotice(order, clock.now(), changes), { at: clock.now() });
}

test('a payment settles its order at once: licence, postings and one event to each subscriber', async () => {
  const { buyer, photoId, order } = await orderOnePhoto();
  expect((await pay(order)).statusCode).toBe(204);
  const paid = await fetchOrder(shop.system, buyer, order.orderId);
  expect(paid).toMatchObject({ status: 'paid', refunds: [] });
  expect(paid.paymentUrl).toBeUndefined();
  expect(await purchasedPhotos(shop.system, buyer)).toEqual([photoId]);
  expect(await balancesOf(shop, order.orderId)).toEqual({
    'platform:cash': 10_000,
    'platform:commission': -2000,
    [`creator:${shop.creator.accountId}`]: -8000,
  });
  expect(await countSoldEvents(shop, order.orderId)).toEqual({ photo: 1, user: 1 });
  expect(await shop.db.selectFrom('reservations').selectAll().where('order_id', '=', order.orderId).execute()).toEqual(
    [],
  );
});

test('photo, the buyer and the creator hear of a sale', async () => {
  const { buyer, photoId, order } = await orderOnePhoto('exclusive');
  const { headers } = buyer;
  const inCart = await shop.system.app.inject({ method: 'PUT', url: `/v1/cart/${photoId}`, headers });
  expect(inCart.statusCode).toBeLessThan(300);
  await pay(order);
  const read = async (url: string, reader: Member) =>
    (await shop.system.app.inject({ url, headers: reader.headers })).body;
  await waitFor(async () => !(await read('/v1/cart', buyer)).includes(photoId), { what: 'an empty cart' });
  for (const [kind, reader] of [
    ['photos_bought', buyer],
    ['photos_sold', shop.creator],
  ] as const) {
    const isTold = async () => {
      const notifications = await read('/v1/me/notifications', reader);
      return notifications.includes(kind) && notifications.includes(order.orderId);
    };
    await waitFor(isTold, { what: `a notification ${kind}` });
  }
});

test('a notification that comes twice takes effect once', async () => {
  const { order, photoId } = await orderOnePhoto();
  const notice = paidNotice(order, clock.now());
  for (let sent = 0; sent < 2; sent++) {
    expect((await sendNotice(shop.system, notice, { at: clock.now() })).statusCode).toBe(204);
  }
  expect(await balancesOf(shop, order.orderId)).toMatchObject({ 'platform:cash': 10_000 });
  expect(await countLicences(shop, photoId)).toBe(1);
  expect(await countSoldEvents(shop, order.orderId)).toEqual({ photo: 1, user: 1 });
});

test('ten notifications at once take effect once', async () => {
  const { order, photoId } = await orderOnePhoto('exclusive');
  const notice = paidNotice(order, clock.now());
  const answers = await times(shop, 10, () => sendNotice(shop.system, notice, { at: clock.now() }));
  expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(10).fill(204));
  expect(await balancesOf(shop, order.orderId)).toMatchObject({ 'platform:cash': 10_000 });
  expect(await countLicences(shop, photoId)).toBe(1);
  expect(await countSoldEvents(shop, order.orderId)).toEqual({ photo: 1, user: 1 });
});

test('a notification that is not signed rightly is refused and changes nothing', async () => {
  const { buyer, order } = await orderOnePhoto();
  const notice = paidNotice(order, clock.now());
  const at = clock.now();
  const forged = [
    await sendNotice(shop.system, notice, { at, key: 'another key that is just as long as it has to be' }),
    await sendNotice(shop.system, notice, { at, bodySigned: JSON.stringify({ ...notice, amount: 1 }) }),
    // An old notification that is given a new time.
    await sendNotice(shop.system, notice, { at, timeSigned: String(Math.floor(at.getTime() / 1000) - 600) }),
    await shop.system.app.inject({ method: 'POST', url: '/v1/payments/sandbox/webhook', payload: notice }),
    await shop.system.app.inject({ method: 'POST', url: '/v1/payments/sandbox/webhook' }),
  ];
  expect(forged.map(refusalIn)).toEqual(Array(5).fill('403 WEBHOOK_SIGNATURE_INVALID'));
  expect((await fetchOrder(shop.system, buyer, order.orderId)).status).toBe('pending');
  expect(await balancesOf(shop, order.orderId)).toEqual({});
});

test('a notification signed more than five minutes ago, or ahead of time, is refused', async () => {
  const { buyer, order } = await orderOnePhoto();
  const notice = paidNotice(order, clock.now());
  for (const offsetSeconds of [-301, 301]) {
    const at = new Date(clock.now().getTime() + offsetSeconds * 1000);
    expect(refusalIn(await sendNotice(shop.system, notice, { at }))).toBe('403 WEBHOOK_SIGNATURE_INVALID');
  }
  expect((await fetchOrder(shop.system, buyer, order.orderId)).status).toBe('pending');
  const at = new Date(clock.now().getTime() - 299_000);
  expect((await sendNotice(shop.system, notice, { at })).statusCode).toBe(204);
});

test.each([
  ['another amount', { amount: 9999 }],
  ['more than the order costs', { amount: 10_001 }],
  ['another currency', { currency: 'USD' }],
])('a payment of %s does not pay an open order', async (_what, changes) => {
  const { buyer, order } = await orderOnePhoto();
  expect(refusalIn(await pay(order, changes))).toBe('422 PAYMENT_MISMATCH');
  expect((await fetchOrder(shop.system, buyer, order.orderId)).status).toBe('pending');
  expect(await balancesOf(shop, order.orderId)).toEqual({});
});

test('a payment that comes again with another amount is no repetition, and changes nothing', async () => {
  const { order } = await orderOnePhoto();
  const paymentId = newId();
  expect((await pay(order, { paymentId })).statusCode).toBe(204);
  const books = await balancesOf(shop, order.orderId);
  expect(refusalIn(await pay(order, { paymentId, amount: 10_001 }))).toBe('422 PAYMENT_MISMATCH');
  expect(await balancesOf(shop, order.orderId)).toEqual(books);
});

test('a payment for an order that nobody made is refused', async () => {
  expect(refusalIn(await pay({ ...(await orderOnePhoto()).order, orderId: newId() }))).toBe('404 ORDER_NOT_FOUND');
});

test('a payment for an order that cost nothing is refused', async () => {
  const buyer = await shop.signUp();
  const order = await placeOrder(shop.system, buyer, [{ photoId: await shop.addPhoto({ priceIdr: 0 }), priceIdr: 0 }]);
  expect(refusalIn(await pay(order, { amount: 1000 }))).toBe('404 ORDER_NOT_FOUND');
});

test('a signed notification in another form is refused', async () => {
  const { order } = await orderOnePhoto();
  for (const changes of [{ amount: -1 }, { amount: 0.5 }, { type: 'payment.imagined' }, { occurredAt: 'yesterday' }]) {
    expect(refusalIn(await pay(order, changes))).toBe('400 REQUEST_INVALID');
  }
});

test('a declined attempt leaves the order open, also when it is told after the payment', async () => {
  const { buyer, order } = await orderOnePhoto();
  expect((await pay(order, { type: 'payment.declined' })).statusCode).toBe(204);
  expect((await fetchOrder(shop.system, buyer, order.orderId)).status).toBe('pending');
  expect((await pay(order)).statusCode).toBe(204);
  expect((await pay(order, { type: 'payment.declined' })).statusCode).toBe(204);
  expect((await fetchOrder(shop.system, buyer, order.orderId)).status).toBe('paid');
});

test('money that comes within the grace after the end still buys photos that are free', async () => {
  const { buyer, photoId, order } = await orderOnePhoto('exclusive');
  await letExpire(order);
  clock.advance(graceSeconds);
  expect((await pay(order)).statusCode).toBe(204);
  expect(await fetchOrder(shop.system, buyer, order.orderId)).toMatchObject({ status: 'paid', refunds: [] });
  expect(await purchasedPhotos(shop.system, buyer)).toEqual([photoId]);
  const other = await shop.signUp();
  expect(refusalIn(await postOrder(shop.system, other, [{ photoId, priceIdr: 10_000 }]))).toBe('422 PHOTO_SOLD');
});

test('money that was paid in time buys the photos however late it is told', async () => {
  const { buyer, order } = await orderOnePhoto();
  const paidAt = clock.now();
  await letExpire(order);
  clock.advance(graceSeconds * 3);
  const notice = paidNotice(order, paidAt);
  expect((await sendNotice(shop.system, notice, { at: clock.now() })).statusCode).toBe(204);
  expect((await fetchOrder(shop.system, buyer, order.orderId)).status).toBe('paid');
});

test('money that comes after the grace is owed back, once', async () => {
  const { buyer, order } = await orderOnePhoto();
  await letExpire(order);
  clock.advance(graceSeconds + 1);
  const notice = paidNotice(order, clock.now());
  const answers = await times(shop, 3, () => sendNotice(shop.system, notice, { at: clock.now() }));
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([204, 204, 204]);
  expect(await fetchOrder(shop.system, buyer, order.orderId)).toMatchObject({
    status: 'expired',
    refunds: [{ amountIdr: 10_000, reason: 'too_late', status: 'due' }],
  });
  expect(await purchasedPhotos(shop.system, buyer)).toEqual([]);
  expect(await balancesOf(shop, order.orderId)).toEqual({
    'platform:cash': 10_000,
    [`refunds_payable:${buyer.accountId}`]: -10_000,
  });
});

test('late money for a photo that was sold to somebody else meanwhile is owed back', async () => {
  const { buyer, photoId, order } = await orderOnePhoto('exclusive');
  await letExpire(order);
  const other = await shop.signUp();
  await pay(await placeOrder(shop.system, other, [{ photoId, priceIdr: 10_000 }]));
  expect((await pay(order)).statusCode).toBe(204);
  expect(await fetchOrder(shop.system, buyer, order.orderId)).toMatchObject({
    status: 'expired',
    refunds: [{ amountIdr: 10_000, reason: 'photo_taken' }],
  });
  expect(await purchasedPhotos(shop.system, other)).toEqual([photoId]);
  expect(await countLicences(shop, photoId)).toBe(1);
});

test('late money does not take away a photo that somebody else is paying for', async () => {
  const { buyer, photoId, order } = await orderOnePhoto('exclusive');
  await letExpire(order);
  const other = await shop.signUp();
  const open = await placeOrder(shop.system, other, [{ photoId, priceIdr: 10_000 }]);
  await pay(order);
  expect((await fetchOrder(shop.system, buyer, order.orderId)).refunds).toHaveLength(1);
  await pay(open);
  expect(await purchasedPhotos(shop.system, other)).toEqual([photoId]);
});

test('late money for one of several photos that is gone buys none of them and leaves the rest free', async () => {
  const buyer = await shop.signUp();
  const [gone, free] = await Promise.all([1, 2].map(() => shop.addPhoto({ priceIdr: 10_000, sale: 'exclusive' })));
  const lines = [gone, free].map((photoId) => ({ photoId: photoId ?? '', priceIdr: 10_000 }));
  const order = await placeOrder(shop.system, buyer, lines);
  await letExpire(order);
  const other = await shop.signUp();
  await pay(await placeOrder(shop.system, other, lines.slice(0, 1)));
  await pay(order);
  expect((await fetchOrder(shop.system, buyer, order.orderId)).refunds).toMatchObject([{ reason: 'photo_taken' }]);
  expect((await placeOrder(shop.system, other, lines.slice(1))).status).toBe('pending');
});

test('late money and a new order for the same exclusive photo at once sell it once', async () => {
  const { buyer, photoId, order } = await orderOnePhoto('exclusive');
  await letExpire(order);
  const other = await shop.signUp();
  const [late, fresh] = await together(shop, [
    () => pay(order),
    () => postOrder(shop.system, other, [{ photoId, priceIdr: 10_000 }]),
  ]);
  expect(late?.statusCode).toBe(204);
  const first = await fetchOrder(shop.system, buyer, order.orderId);
  const lateWon = first.status === 'paid';
  expect(first.refunds).toHaveLength(lateWon ? 0 : 1);
  expect(fresh?.statusCode === 201).toBe(!lateWon);
});

test('two late payments of buyers of one exclusive photo sell it once', async () => {
  const first = await orderOnePhoto('exclusive');
  await letExpire(first.order);
  const second = await shop.signUp();
  const line = { photoId: first.photoId, priceIdr: 10_000 };
  const order = await placeOrder(shop.system, second, [line]);
  await postCancel(shop.system, second, order.orderId);
  await together(shop, [() => pay(first.order), () => pay(order)]);
  const orders = [
    await fetchOrder(shop.system, first.buyer, first.order.orderId),
    await fetchOrder(shop.system, second, order.orderId),
  ];
  expect(orders.map(({ status }) => status === 'paid').sort()).toEqual([false, true]);
  expect(orders.map(({ refunds }) => refunds.length).sort()).toEqual([0, 1]);
  expect(await countLicences(shop, first.photoId)).toBe(1);
});

test('late money and a new order of the same buyer at once buy the photo once', async () => {
  const lates = await Promise.all(Array.from({ length: 4 }, () => orderOnePhoto()));
  await letExpire(...lates.map(({ order }) => order));
  await together(
    shop,
    lates.flatMap(({ buyer, photoId, order }) => [
      () => pay(order),
      () => postOrder(shop.system, buyer, [{ photoId, priceIdr: 10_000 }]),
    ]),
  );
  for (const { buyer, photoId, order } of lates) {
    const { status, refunds } = await fetchOrder(shop.system, buyer, order.orderId);
    expect(refunds).toHaveLength(status === 'paid' ? 0 : 1);
    const open = await shop.db.selectFrom('reservations').selectAll().where('photo_id', '=', photoId).execute();
    expect(open).toHaveLength(status === 'paid' ? 0 : 1);
  }
});

test('late money for a photo that the buyer has bought with another order is owed back', async () => {
  const { buyer, photoId, order } = await orderOnePhoto();
  await letExpire(order);
  await pay(await placeOrder(shop.system, buyer, [{ photoId, priceIdr: 10_000 }]));
  await pay(order);
  expect((await fetchOrder(shop.system, buyer, order.orderId)).refunds).toMatchObject([{ reason: 'photo_taken' }]);
  expect(await countLicences(shop, photoId)).toBe(1);
});

test('money for a cancelled order buys within the grace and is owed back after it', async () => {
  const inTime = await orderOnePhoto();
  const tooLate = await orderOnePhoto();
  for (const { buyer, order } of [inTime, tooLate]) await postCancel(shop.system, buyer, order.orderId);
  clock.advance(graceSeconds);
  await pay(inTime.order);
  clock.advance(1);
  await pay(tooLate.order);
  expect((await fetchOrder(shop.system, inTime.buyer, inTime.order.orderId)).status).toBe('paid');
  expect(await fetchOrder(shop.system, tooLate.buyer, tooLate.order.orderId)).toMatchObject({
    status: 'cancelled',
    refunds: [{ amountIdr: 10_000, reason: 'too_late' }],
  });
});

test('a second payment for a paid order is owed back', async () => {
  const { buyer, order } = await orderOnePhoto();
  await pay(order);
  expect((await pay(order)).statusCode).toBe(204);
  expect(await fetchOrder(shop.system, buyer, order.orderId)).toMatchObject({
    status: 'paid',
    refunds: [{ amountIdr: 10_000, reason: 'paid_before' }],
  });
  expect(await balancesOf(shop, order.orderId)).toMatchObject({
    'platform:cash': 20_000,
    [`refunds_payable:${buyer.accountId}`]: -10_000,
  });
});

test('another amount for an order that has ended is owed back as it came', async () => {
  const { buyer, order } = await orderOnePhoto();
  await letExpire(order);
  await pay(order, { amount: 4000 });
  expect((await fetchOrder(shop.system, buyer, order.orderId)).refunds).toEqual([
    { amountIdr: 4000, reason: 'wrong_amount', status: 'due' },
  ]);
});
