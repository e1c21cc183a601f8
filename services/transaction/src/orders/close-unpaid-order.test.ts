import { newId } from '@kilas/platform/process/ids.ts';
import { drivenClock } from '@kilas/testkit/drive-clock.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { markPaymentStarted } from '../payments/payment-store.ts';
import { upsertSandboxPayment } from '../payments/sandbox-store.ts';
import { countLicences } from '../testing/books.ts';
import {
  fetchOrder,
  getOrder,
  placeOrder,
  postCancel,
  postOrder,
  pressButton,
  purchasedPhotos,
  readOrder,
  refusalIn,
} from '../testing/client.ts';
import { holdLocks, waitForWaiters } from '../testing/locks.ts';
import { runJob } from '../testing/run-job.ts';
import { type Shop, startShop } from '../testing/start-shop.ts';
import { times, together } from '../testing/together.ts';
import { reconcileOrdersJob } from './jobs.ts';
import { checkIntervalSeconds } from './order.ts';
import { lockOrder } from './order-store.ts';

const lifetimeSeconds = 120;

const clock = drivenClock();
let shop: Shop;
beforeAll(async () => {
  shop = await startShop({ clock, env: { ORDER_LIFETIME_SECONDS: String(lifetimeSeconds) } });
});
beforeEach(() => {
  // No notification arrives in these tests: what is known is asked for.
  shop.door.isShut = true;
});
afterAll(() => shop.close());

async function orderOnePhoto(sale: 'shared' | 'exclusive' = 'shared') {
  const buyer = await shop.signUp();
  const photoId = await shop.addPhoto({ priceIdr: 10_000, sale });
  const order = await placeOrder(shop.system, buyer, [{ photoId, priceIdr: 10_000 }]);
  return { buyer, photoId, order };
}

/** What the payment company says; undefined when it made no page. */
async function pageStateOf(orderId: string): Promise<string | undefined> {
  const page = await shop.db
    .selectFrom('sandbox_payments')
    .select('state')
    .where('order_id', '=', orderId)
    .executeTakeFirst();
  return page?.state;
}

const reconcile = () => runJob(shop, reconcileOrdersJob, {});

test('an order that is not paid in time expires, its page takes no payment, its exclusive photo is free again', async () => {
  const { buyer, photoId, order } = await orderOnePhoto('exclusive');
  const other = await shop.signUp();
  clock.advance(lifetimeSeconds - 1);
  await reconcile();
  expect((await fetchOrder(shop.system, buyer, order.orderId)).status).toBe('pending');
  expect(refusalIn(await postOrder(shop.system, other, [{ photoId, priceIdr: 10_000 }]))).toBe('409 PHOTO_RESERVED');
  clock.advance(1);
  expect((await fetchOrder(shop.system, buyer, order.orderId)).paymentUrl).toBeUndefined();
  await reconcile();
  expect((await fetchOrder(shop.system, buyer, order.orderId)).status).toBe('expired');
  await pressButton(shop.system, order.paymentUrl);
  expect(await pageStateOf(order.orderId)).toBe('cancelled');
  expect((await placeOrder(shop.system, other, [{ photoId, priceIdr: 10_000 }])).status).toBe('pending');
});

test('the end of one order does not free a photo that another order holds', async () => {
  const { buyer, photoId, order } = await orderOnePhoto('exclusive');
  await postCancel(shop.system, buyer, order.orderId);
  const other = await shop.signUp();
  await placeOrder(shop.system, other, [{ photoId, priceIdr: 10_000 }]);
  await postCancel(shop.system, buyer, order.orderId);
  const third = await shop.signUp();
  expect(refusalIn(await postOrder(shop.system, third, [{ photoId, priceIdr: 10_000 }]))).toBe('409 PHOTO_RESERVED');
});

test('the end of one order leaves the photos of all others reserved', async () => {
  const [ending, staying] = [await orderOnePhoto('exclusive'), await orderOnePhoto('exclusive')];
  await postCancel(shop.system, ending.buyer, ending.order.orderId);
  const other = await shop.signUp();
  const lines = [{ photoId: staying.photoId, priceIdr: 10_000 }];
  expect(refusalIn(await postOrder(shop.system, other, lines))).toBe('409 PHOTO_RESERVED');
});

test('a cancelled order frees its photos, takes no payment, and may be cancelled again', async () => {
  const { buyer, photoId, order } = await orderOnePhoto('exclusive');
  const cancelled = await postCancel(shop.system, buyer, order.orderId);
  expect(cancelled.statusCode).toBe(200);
  expect(readOrder(cancelled)).toMatchObject({ status: 'cancelled' });
  expect((await postCancel(shop.system, buyer, order.orderId)).statusCode).toBe(200);
  await pressButton(shop.system, order.paymentUrl);
  clock.advance(checkIntervalSeconds);
  await reconcile();
  expect(await purchasedPhotos(shop.system, buyer)).toEqual([]);
  expect((await placeOrder(shop.system, await shop.signUp(), [{ photoId, priceIdr: 10_000 }])).status).toBe('pending');
});

test('an order that was paid a moment before cannot be cancelled: it is settled', async () => {
  const { buyer, photoId, order } = await orderOnePhoto();
  await pressButton(shop.system, order.paymentUrl);
  expect(refusalIn(await postCancel(shop.system, buyer, order.orderId))).toBe('409 ORDER_NOT_PENDING');
  expect((await fetchOrder(shop.system, buyer, order.orderId)).status).toBe('paid');
  expect(await purchasedPhotos(shop.system, buyer)).toEqual([photoId]);
  expect(refusalIn(await postCancel(shop.system, buyer, order.orderId))).toBe('409 ORDER_NOT_PENDING');
});

test('an order that is paid and cancelled at once is either paid or takes no money', async () => {
  const orders = await Promise.all(Array.from({ length: 8 }, () => orderOnePhoto('exclusive')));
  await together(
    shop,
    orders.flatMap(({ buyer, order }) => [
      () => pressButton(shop.system, order.paymentUrl),
      () => postCancel(shop.system, buyer, order.orderId),
    ]),
  );
  clock.advance(checkIntervalSeconds);
  await reconcile();
  for (const { buyer, photoId, order } of orders) {
    const { status, refunds } = await fetchOrder(shop.system, buyer, order.orderId);
    expect(await pageStateOf(order.orderId)).toBe(status);
    expect(refunds).toEqual([]);
    expect(await countLicences(shop, photoId)).toBe(status === 'paid' ? 1 : 0);
  }
});

/** An order that the provider has made no page for yet. */
async function orderWithoutPage() {
  await sql`alter table sandbox_payments rename to sandbox_payments_away`.execute(shop.db);
  const ordered = await orderOnePhoto();
  await sql`alter table sandbox_payments_away rename to sandbox_payments`.execute(shop.db);
  return ordered;
}

test('a page that is made while its order is being cancelled takes no money: made after the cancellation', async () => {
  const { buyer, order } = await orderWithoutPage();
  const { orderId } = order;
  const release = await holdLocks(shop, (tx) => lockOrder(tx, orderId));
  const cancelling = Promise.resolve(postCancel(shop.system, buyer, orderId));
  await waitForWaiters(shop, 1);
  const starting = Promise.resolve(getOrder(shop.system, buyer, orderId));
  await waitForWaiters(shop, 2);
  await release();
  expect(readOrder(await cancelling).status).toBe('cancelled');
  expect(readOrder(await starting).paymentUrl).toBeUndefined();
  expect(await pageStateOf(orderId)).toBe('cancelled');
});

test('a page that is made while its order is being cancelled takes no money: made before the cancellation', async () => {
  const { buyer, order } = await orderWithoutPage();
  const { orderId } = order;
  const startedAt = clock.now();
  const release = await holdLocks(
    shop,
    (tx) => lockOrder(tx, orderId),
    // What another replica does when it starts the payment.
    async (tx) => {
      const fresh = { paymentId: newId(), token: newId(), amountIdr: 10_000n, createdAt: startedAt };
      await upsertSandboxPayment(tx, { ...fresh, orderId, expiresAt: new Date(order.expiresAt) });
      const started = { providerRef: fresh.paymentId, paymentUrl: `http://kilas.test/sandbox/payments/${fresh.token}` };
      await markPaymentStarted(tx, orderId, started, startedAt);
    },
  );
  const cancelling = Promise.resolve(postCancel(shop.system, buyer, orderId));
  await waitForWaiters(shop, 1);
  await release();
  expect(readOrder(await cancelling).status).toBe('cancelled');
  expect(await pageStateOf(orderId)).toBe('cancelled');
});

test('an expired order cannot be cancelled', async () => {
  const { buyer, order } = await orderOnePhoto();
  clock.advance(lifetimeSeconds);
  await reconcile();
  expect(refusalIn(await postCancel(shop.system, buyer, order.orderId))).toBe('409 ORDER_NOT_PENDING');
});

test('the reconciler settles a payment whose notification was lost', async () => {
  const { buyer, photoId, order } = await orderOnePhoto();
  await pressButton(shop.system, order.paymentUrl);
  await reconcile();
  expect((await fetchOrder(shop.system, buyer, order.orderId)).status, 'not before a minute').toBe('pending');
  clock.advance(checkIntervalSeconds);
  await reconcile();
  expect((await fetchOrder(shop.system, buyer, order.orderId)).status).toBe('paid');
  expect(await countLicences(shop, photoId)).toBe(1);
});

test('an order that was paid in the last second is settled at its end, not expired', async () => {
  const { buyer, order } = await orderOnePhoto();
  clock.advance(lifetimeSeconds - 1);
  await pressButton(shop.system, order.paymentUrl);
  clock.advance(1);
  await reconcile();
  expect((await fetchOrder(shop.system, buyer, order.orderId)).status).toBe('paid');
});

test('several reconcilers at once settle every order once, however many there are', async () => {
  const buyer = await shop.signUp();
  const others = await Promise.all(Array.from({ length: 4 }, () => shop.signUp()));
  const photos = await Promise.all(Array.from({ length: 8 }, () => shop.addPhoto({ priceIdr: 1000 })));
  const orders = await Promise.all(
    [buyer, ...others].flatMap((member) =>
      photos.map((photoId) => placeOrder(shop.system, member, [{ photoId, priceIdr: 1000 }])),
    ),
  );
  await Promise.all(orders.map(({ paymentUrl }) => pressButton(shop.system, paymentUrl)));
  clock.advance(checkIntervalSeconds);
  await times(shop, 3, reconcile);
  const ids = orders.map(({ orderId }) => orderId);
  const paid = await shop.db
    .selectFrom('orders')
    .select('order_id')
    .where('order_id', 'in', ids)
    .where('state', '=', 'paid')
    .execute();
  expect(paid).toHaveLength(40);
  const entries = await shop.db.selectFrom('entries').select('entry_id').where('source_id', 'in', ids).execute();
  expect(entries).toHaveLength(40);
});

test('an order whose payment was ended before we died is closed by the reconciler', async () => {
  const { buyer, photoId, order } = await orderOnePhoto('exclusive');
  await shop.db
    .updateTable('sandbox_payments')
    .set({ state: 'cancelled' })
    .where('order_id', '=', order.orderId)
    .execute();
  clock.advance(checkIntervalSeconds);
  await reconcile();
  expect((await fetchOrder(shop.system, buyer, order.orderId)).status).toBe('cancelled');
  expect((await placeOrder(shop.system, await shop.signUp(), [{ photoId, priceIdr: 10_000 }])).status).toBe('pending');
});

test('a payment of another amount never settles an order: at its end the money is owed back and the photo free', async () => {
  const { buyer, photoId, order } = await orderOnePhoto('exclusive');
  await shop.db
    .updateTable('sandbox_payments')
    .set({ amount_idr: 7000n })
    .where('order_id', '=', order.orderId)
    .execute();
  await pressButton(shop.system, order.paymentUrl);
  clock.advance(checkIntervalSeconds);
  await reconcile();
  expect((await fetchOrder(shop.system, buyer, order.orderId)).status).toBe('pending');
  clock.advance(lifetimeSeconds);
  await reconcile();
  expect(await fetchOrder(shop.system, buyer, order.orderId)).toMatchObject({
    status: 'expired',
    refunds: [{ amountIdr: 7000, reason: 'wrong_amount' }],
  });
  expect((await placeOrder(shop.system, await shop.signUp(), [{ photoId, priceIdr: 10_000 }])).status).toBe('pending');
});

test('while the provider is away the order stands without a page; it gets one as soon as somebody asks again', async () => {
  const buyer = await shop.signUp();
  const lines = [{ photoId: await shop.addPhoto({ priceIdr: 10_000 }), priceIdr: 10_000 }];
  const key = 'the-key-of-this-order';
  const patient = await shop.signUp();
  await sql`alter table sandbox_payments rename to sandbox_payments_away`.execute(shop.db);
  const placed = await postOrder(shop.system, buyer, lines, { key });
  const others = await placeOrder(shop.system, patient, lines);
  const refused = await postCancel(shop.system, patient, others.orderId);
  await sql`alter table sandbox_payments_away rename to sandbox_payments`.execute(shop.db);
  expect(placed.statusCode).toBe(201);
  expect(readOrder(placed).paymentUrl).toBeUndefined();
  expect(refused.statusCode, 'not cancelled while the provider cannot be told').toBeGreaterThanOrEqual(500);
  expect(await fetchOrder(shop.system, patient, others.orderId)).toMatchObject({
    status: 'pending',
    paymentUrl: expect.stringContaining('/sandbox/payments/'),
  });
  const repeated = await postOrder(shop.system, buyer, lines, { key });
  expect(repeated.statusCode).toBe(200);
  const { orderId, paymentUrl } = readOrder(repeated);
  expect(paymentUrl).toMatch(/\/sandbox\/payments\//);
  expect(readOrder(await getOrder(shop.system, buyer, orderId)).paymentUrl).toBe(paymentUrl);
});

test('an order whose page was never made expires all the same', async () => {
  const buyer = await shop.signUp();
  const lines = [{ photoId: await shop.addPhoto({ priceIdr: 10_000, sale: 'exclusive' }), priceIdr: 10_000 }];
  await sql`alter table sandbox_payments rename to sandbox_payments_away`.execute(shop.db);
  const order = await placeOrder(shop.system, buyer, lines);
  clock.advance(lifetimeSeconds);
  await reconcile();
  expect((await fetchOrder(shop.system, buyer, order.orderId)).status, 'not while the provider is away').toBe(
    'pending',
  );
  await sql`alter table sandbox_payments_away rename to sandbox_payments`.execute(shop.db);
  clock.advance(checkIntervalSeconds);
  await reconcile();
  expect((await fetchOrder(shop.system, buyer, order.orderId)).status).toBe('expired');
  expect((await placeOrder(shop.system, await shop.signUp(), lines)).status).toBe('pending');
});
