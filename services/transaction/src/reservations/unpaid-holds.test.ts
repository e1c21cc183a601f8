import { drivenClock } from '@kilas/testkit/drive-clock.ts';
import type { Member } from '@kilas/testkit/sign-up.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { reconcileOrdersJob } from '../orders/jobs.ts';
import {
  fetchOrder,
  placeOrder,
  postCancel,
  postOrder,
  postPreview,
  pressButton,
  readProblem,
  refusalIn,
} from '../testing/client.ts';
import { paidNotice, sendNotice } from '../testing/notices.ts';
import { runJob } from '../testing/run-job.ts';
import { type Shop, startShop } from '../testing/start-shop.ts';
import { together } from '../testing/together.ts';
import { unpaidPhotosMax } from './unpaid-hold.ts';

const lifetimeSeconds = 60;
const daySeconds = 86_400;
const priceIdr = 10_000;

const clock = drivenClock();
let shop: Shop;
beforeAll(async () => {
  const env = { ORDER_LIFETIME_SECONDS: String(lifetimeSeconds), LATE_GRACE_SECONDS: '30' };
  shop = await startShop({ clock, env });
});
beforeEach(() => {
  shop.door.isShut = true;
});
afterAll(() => shop.close());

const addExclusive = () => shop.addPhoto({ priceIdr, sale: 'exclusive' });
const order = (buyer: Member, photoId: string) => postOrder(shop.system, buyer, [{ photoId, priceIdr }]);
const reconcile = () => runJob(shop, reconcileOrdersJob, {});

/** Orders, and gives the order up after so long. */
async function hold(buyer: Member, photoId: string, seconds = lifetimeSeconds - 1): Promise<string> {
  const { orderId } = await placeOrder(shop.system, buyer, [{ photoId, priceIdr }]);
  clock.advance(seconds);
  expect((await postCancel(shop.system, buyer, orderId)).statusCode).toBe(200);
  return orderId;
}

/** As if so much time had passed since the buyer's holds; their sessions would not last. */
async function letPass(buyer: Member, seconds: number): Promise<void> {
  await shop.db
    .updateTable('unpaid_holds')
    .set({ ended_at: sql<Date>`ended_at - make_interval(secs => ${seconds})` })
    .where('buyer_id', '=', buyer.accountId)
    .execute();
}

const holdsOf = (buyer: Member) =>
  shop.db.selectFrom('unpaid_holds').selectAll().where('buyer_id', '=', buyer.accountId).execute();

test('who holds an exclusive photo for nothing again and again waits a day, then a month, and others go first', async () => {
  const [greedy, other] = [await shop.signUp(), await shop.signUp()];
  const photoId = await addExclusive();
  for (let count = 0; count < 2; count++) await hold(greedy, photoId);
  const refused = await order(greedy, photoId);
  expect(readProblem(refused)).toMatchObject({ status: 429, code: 'PHOTO_HELD_UNPAID' });
  const wait = Number(refused.headers['retry-after']);
  expect(wait).toBeGreaterThan(daySeconds - 2 * lifetimeSeconds);
  expect(wait).toBeLessThanOrEqual(daySeconds);
  const refusals = [{ photoId, reason: 'PHOTO_HELD_UNPAID', retryAfterSeconds: wait }];
  expect(refused.json().refusals).toEqual(refusals);
  // The preview says the same, and how long.
  const preview = await postPreview(shop.system, greedy, [photoId]);
  expect(preview.json()).toMatchObject({ status: 429, code: 'PHOTO_HELD_UNPAID', refusals });
  expect(preview.headers['retry-after']).toBe(String(wait));
  await hold(other, photoId);

  await letPass(greedy, wait);
  for (let count = 0; count < 2; count++) await hold(greedy, photoId);
  await letPass(greedy, daySeconds);
  const again = await order(greedy, photoId);
  expect(refusalIn(again)).toBe('429 PHOTO_HELD_UNPAID');
  expect(Number(again.headers['retry-after'])).toBeGreaterThan(25 * daySeconds);
  await letPass(greedy, 30 * daySeconds);
  await hold(greedy, photoId);
});

test('an order that expired counts as one that was cancelled does, and no longer than it could have been paid', async () => {
  const buyer = await shop.signUp();
  const photoId = await addExclusive();
  for (let count = 0; count < 2; count++) {
    await placeOrder(shop.system, buyer, [{ photoId, priceIdr }]);
    // The word of its end comes late.
    clock.advance(lifetimeSeconds + 40);
    await reconcile();
  }
  expect((await holdsOf(buyer)).map(({ held_seconds }) => held_seconds)).toEqual([lifetimeSeconds, lifetimeSeconds]);
  expect(refusalIn(await order(buyer, photoId))).toBe('429 PHOTO_HELD_UNPAID');
});

test('a buyer whose payment failed once orders again at once and pays', async () => {
  const buyer = await shop.signUp();
  const photoId = await addExclusive();
  const first = await placeOrder(shop.system, buyer, [{ photoId, priceIdr }]);
  await pressButton(shop.system, first.paymentUrl, 'decline');
  clock.advance(lifetimeSeconds);
  await reconcile();
  expect((await fetchOrder(shop.system, buyer, first.orderId)).status).toBe('expired');
  shop.door.isShut = false;
  const second = await placeOrder(shop.system, buyer, [{ photoId, priceIdr }]);
  await pressButton(shop.system, second.paymentUrl);
  await reconcile();
  expect((await fetchOrder(shop.system, buyer, second.orderId)).status).toBe('paid');
});

test('a buyer who cancels to add something to the basket orders again at once, ten times', async () => {
  const buyer = await shop.signUp();
  const photoId = await addExclusive();
  for (let count = 0; count < 10; count++) await hold(buyer, photoId, 1);
  expect((await placeOrder(shop.system, buyer, [{ photoId, priceIdr }])).status).toBe('pending');
});

test('orders that are cancelled at once fill the allowance too', async () => {
  const buyer = await shop.signUp();
  const photoId = await addExclusive();
  let made = 0;
  while (made < 50 && (await order(buyer, photoId)).statusCode === 201) {
    made += 1;
    const [open] = await shop.db
      .selectFrom('orders')
      .select('order_id')
      .where('buyer_id', '=', buyer.accountId)
      .where('state', '=', 'pending')
      .execute();
    await postCancel(shop.system, buyer, open?.order_id ?? '');
  }
  expect(made).toBe(16);
});

test('shared photos, and exclusive ones that cost nothing, keep nobody waiting', async () => {
  const buyer = await shop.signUp();
  const photoId = await shop.addPhoto({ priceIdr });
  for (let count = 0; count < 4; count++) await hold(buyer, photoId);
  expect(await holdsOf(buyer)).toEqual([]);
  const free = await shop.addPhoto({ priceIdr: 0, sale: 'exclusive' });
  expect((await placeOrder(shop.system, buyer, [{ photoId: free, priceIdr: 0 }])).status).toBe('paid');
});

test('an order that had no payment page does not count', async () => {
  const buyer = await shop.signUp();
  const photoId = await addExclusive();
  const { orderId } = await placeOrder(shop.system, buyer, [{ photoId, priceIdr }]);
  await shop.db
    .updateTable('payments')
    .set({ provider_ref: null, payment_url: null, started_at: null })
    .where('order_id', '=', orderId)
    .execute();
  await shop.db.deleteFrom('sandbox_payments').where('order_id', '=', orderId).execute();
  clock.advance(lifetimeSeconds - 1);
  await postCancel(shop.system, buyer, orderId);
  expect(await holdsOf(buyer)).toEqual([]);
});

test('money that comes late takes the hold back', async () => {
  const buyer = await shop.signUp();
  const photoId = await addExclusive();
  const { orderId } = await placeOrder(shop.system, buyer, [{ photoId, priceIdr }]);
  clock.advance(lifetimeSeconds - 1);
  await postCancel(shop.system, buyer, orderId);
  expect(await holdsOf(buyer)).toHaveLength(1);
  const notice = paidNotice({ orderId, totalIdr: priceIdr }, clock.now());
  expect((await sendNotice(shop.system, notice, { at: clock.now() })).statusCode).toBe(204);
  expect((await fetchOrder(shop.system, buyer, orderId)).status).toBe('paid');
  expect(await holdsOf(buyer)).toEqual([]);
});

test('a buyer holds no more exclusive photos for nothing within a day than the limit, also by two orders at once', async () => {
  const buyer = await shop.signUp();
  const { orderId } = await placeOrder(shop.system, buyer, [{ photoId: await addExclusive(), priceIdr }]);
  await postCancel(shop.system, buyer, orderId);
  await sql`insert into unpaid_holds (order_id, photo_id, buyer_id, held_seconds, ended_at)
    select ${orderId}, gen_random_uuid(), ${buyer.accountId}, 1, ${clock.now()}
    from generate_series(1, ${unpaidPhotosMax - 2})`.execute(shop.db);
  const photos = [await addExclusive(), await addExclusive()];
  const answers = await together(
    shop,
    photos.map((photoId) => () => order(buyer, photoId)),
  );
  expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([201, 429]);
  const refused = answers.find(({ statusCode }) => statusCode === 429);
  expect(refused?.json()).toMatchObject({ code: 'PHOTOS_HELD_TOO_MANY' });
  expect(Number(refused?.headers['retry-after'])).toBe(daySeconds);
  // What it reserved is free.
  const other = await shop.signUp();
  for (const photoId of photos) {
    const outcome = (await order(other, photoId)).statusCode;
    expect([201, 409]).toContain(outcome);
  }
  await letPass(buyer, daySeconds);
  expect((await order(buyer, await addExclusive())).statusCode).toBe(201);
});

test('holds that count no longer are forgotten', async () => {
  const buyer = await shop.signUp();
  await hold(buyer, await addExclusive());
  await letPass(buyer, 30 * daySeconds + 1);
  await reconcile();
  expect(await holdsOf(buyer)).toEqual([]);
});
