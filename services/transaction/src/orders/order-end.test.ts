import { drivenClock } from '@kilas/testkit/drive-clock.ts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { fetchOrder, type OrderJson, placeOrder, pressButton } from '../testing/client.ts';
import { paidNotice, sendNotice } from '../testing/notices.ts';
import { runJob } from '../testing/run-job.ts';
import { type Shop, startShop } from '../testing/start-shop.ts';
import { expireOrderJob, reconcileOrdersJob } from './jobs.ts';

/** None of them is what is configured by default. */
const [lifetimeSeconds, graceSeconds] = [77, 33];
const moment = 0.001;

const clock = drivenClock();
let shop: Shop;
let buyer: Awaited<ReturnType<Shop['signUp']>>;
let order: OrderJson;

beforeAll(async () => {
  const env = { ORDER_LIFETIME_SECONDS: String(lifetimeSeconds), LATE_GRACE_SECONDS: String(graceSeconds) };
  shop = await startShop({ clock, env });
});
beforeEach(async () => {
  // No notification arrives in these tests.
  shop.door.isShut = true;
  buyer = await shop.signUp();
  const lines = [{ photoId: await shop.addPhoto({ priceIdr: 10_000 }), priceIdr: 10_000 }];
  order = await placeOrder(shop.system, buyer, lines);
  clock.advance(lifetimeSeconds - moment);
});
afterAll(() => shop.close());

const statusNow = async () => (await fetchOrder(shop.system, buyer, order.orderId)).status;

const list = z.object({ items: z.array(z.object({ orderId: z.string(), paymentUrl: z.string().optional() })) });

async function pageInList(): Promise<string | undefined> {
  const reply = await shop.system.app.inject({ url: '/v1/orders', headers: buyer.headers });
  return list.parse(reply.json()).items[0]?.paymentUrl;
}

/** Of the page. */
async function stateOf(): Promise<string> {
  const { state, declined_at } = await shop.db
    .selectFrom('sandbox_payments')
    .select(['state', 'declined_at'])
    .where('order_id', '=', order.orderId)
    .executeTakeFirstOrThrow();
  return declined_at === null ? state : 'declined';
}

test('an order ends at its instant, and not a moment before, by its own job', async () => {
  await runJob(shop, expireOrderJob, { orderId: order.orderId });
  expect(await statusNow()).toBe('pending');
  clock.advance(moment);
  await runJob(shop, expireOrderJob, { orderId: order.orderId });
  expect(await statusNow()).toBe('expired');
});

test('an order ends at its instant, and not a moment before, by the reconciler', async () => {
  await runJob(shop, reconcileOrdersJob, {});
  expect(await statusNow()).toBe('pending');
  clock.advance(moment);
  await runJob(shop, reconcileOrdersJob, {});
  expect(await statusNow()).toBe('expired');
});

test('the page of an order is shown up to its end, in the order and in the list of orders', async () => {
  expect(order.expiresAt).toBe(new Date(clock.now().getTime() + 1).toISOString());
  expect((await fetchOrder(shop.system, buyer, order.orderId)).paymentUrl).toBe(order.paymentUrl);
  expect(await pageInList()).toBe(order.paymentUrl);
  clock.advance(moment);
  expect((await fetchOrder(shop.system, buyer, order.orderId)).paymentUrl).toBeUndefined();
  expect(await pageInList()).toBeUndefined();
});

test.each(['pay', 'decline'] as const)('the page hears of a button up to the end of its order: %s', async (action) => {
  const pressed = action === 'pay' ? 'paid' : 'declined';
  await pressButton(shop.system, order.paymentUrl, action);
  expect(await stateOf()).toBe(pressed);
});

test.each(['pay', 'decline'] as const)('the page hears of no button at the end of its order: %s', async (action) => {
  clock.advance(moment);
  await pressButton(shop.system, order.paymentUrl, action);
  // The reconciler, which comes each minute, may have ended it by now.
  expect(['open', 'cancelled']).toContain(await stateOf());
});

test.each([
  [0, 'paid', []],
  [moment, 'expired', [{ amountIdr: 10_000, reason: 'too_late', status: 'due' }]],
] as const)('money that is %d s later than the grace after the end makes it %s', async (late, status, refunds) => {
  clock.advance(moment);
  await runJob(shop, expireOrderJob, { orderId: order.orderId });
  clock.advance(graceSeconds + late);
  const paidAt = clock.now();
  clock.advance(5);
  await sendNotice(shop.system, paidNotice(order, paidAt), { at: clock.now() });
  expect(await fetchOrder(shop.system, buyer, order.orderId)).toMatchObject({ status, refunds });
});

test('the grace begins at the end of an order, however late the order was closed', async () => {
  clock.advance(moment + 10);
  await runJob(shop, expireOrderJob, { orderId: order.orderId });
  clock.advance(graceSeconds - 5);
  await sendNotice(shop.system, paidNotice(order, clock.now()), { at: clock.now() });
  const refunds = [{ amountIdr: 10_000, reason: 'too_late', status: 'due' }];
  expect(await fetchOrder(shop.system, buyer, order.orderId)).toMatchObject({ status: 'expired', refunds });
});
