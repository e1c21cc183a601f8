import { newId } from '@kilas/platform/process/ids.ts';
import type { Member } from '@kilas/testkit/sign-up.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { countLicences } from '../testing/books.ts';
import {
  fetchOrder,
  type Line,
  placeOrder,
  postCancel,
  postOrder,
  purchasedPhotos,
  readOrder,
  readProblem,
  refusalIn,
} from '../testing/client.ts';
import { holdLocks, waitForWaiters } from '../testing/locks.ts';
import { type Shop, startShop } from '../testing/start-shop.ts';
import { times, together } from '../testing/together.ts';
import { ordersOpenMax } from './order.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop.close());

async function countOrders(buyerId: string): Promise<number> {
  return (await shop.db.selectFrom('orders').select('order_id').where('buyer_id', '=', buyerId).execute()).length;
}

test('an order repeats the preview, is pending for fifteen minutes and has a payment page', async () => {
  const buyer = await shop.signUp();
  const photoId = await shop.addPhoto({ priceIdr: 25_000 });
  const before = Date.now();
  const response = await postOrder(shop.system, buyer, [{ photoId, priceIdr: 25_000 }]);
  expect(response.statusCode).toBe(201);
  const order = readOrder(response);
  expect(order).toMatchObject({
    status: 'pending',
    totalIdr: 25_000,
    lines: [{ photoId, priceIdr: 25_000 }],
    refunds: [],
  });
  expect(order.paymentUrl).toMatch(/^http:\/\/kilas\.test\/sandbox\/payments\/[\w-]{43}$/);
  const lifetimeMs = new Date(order.expiresAt).getTime() - before;
  expect(lifetimeMs).toBeGreaterThanOrEqual(900_000);
  expect(lifetimeMs).toBeLessThan(960_000);
});

test('an order without an idempotency key, or with one that is too short, is refused', async () => {
  const buyer = await shop.signUp();
  const photoId = await shop.addPhoto({ priceIdr: 1000 });
  const payload = { lines: [{ photoId, priceIdr: 1000 }], totalIdr: 1000 };
  const without = await shop.system.app.inject({ method: 'POST', url: '/v1/orders', headers: buyer.headers, payload });
  expect(refusalIn(without)).toBe('400 IDEMPOTENCY_KEY_REQUIRED');
  const short = await postOrder(shop.system, buyer, payload.lines, { key: '1234567' });
  expect(refusalIn(short)).toBe('400 IDEMPOTENCY_KEY_REQUIRED');
  expect(await countOrders(buyer.accountId)).toBe(0);
});

test.each([
  ['a negative price', -1],
  ['a fractional price', 999.5],
  ['a price above exact numbers', 2 ** 53],
  ['a price that is text', '1000'],
])('an order with %s is refused', async (_what, priceIdr) => {
  const buyer = await shop.signUp();
  const photoId = await shop.addPhoto({ priceIdr: 1000 });
  const response = await shop.system.app.inject({
    method: 'POST',
    url: '/v1/orders',
    headers: { ...buyer.headers, 'idempotency-key': newId() },
    payload: { lines: [{ photoId, priceIdr }], totalIdr: 1000 },
  });
  expect(refusalIn(response)).toBe('400 REQUEST_INVALID');
  expect(await countOrders(buyer.accountId)).toBe(0);
});

test('an order in the name of somebody else is refused', async () => {
  const buyer = await shop.signUp();
  const photoId = await shop.addPhoto({ priceIdr: 1000 });
  for (const extra of [{ buyerId: newId() }, { userId: newId() }, { creatorId: newId() }]) {
    expect(refusalIn(await postOrder(shop.system, buyer, [{ photoId, priceIdr: 1000 }], { extra }))).toBe(
      '400 REQUEST_INVALID',
    );
  }
});

test('an order that names a photo twice is refused', async () => {
  const buyer = await shop.signUp();
  const line = { photoId: await shop.addPhoto({ priceIdr: 1000 }), priceIdr: 1000 };
  expect(refusalIn(await postOrder(shop.system, buyer, [line, line]))).toBe('400 ORDER_PHOTO_REPEATED');
});

test('an order of more photos than the limit is refused', async () => {
  const buyer = await shop.signUp();
  const lines = Array.from({ length: 201 }, () => ({ photoId: newId(), priceIdr: 1 }));
  expect(refusalIn(await postOrder(shop.system, buyer, lines))).toBe('400 REQUEST_INVALID');
});

test('a price that has changed since the preview is refused with the new figures', async () => {
  const buyer = await shop.signUp();
  const photoId = await shop.addPhoto({ priceIdr: 10_000 });
  await shop.changePhoto(photoId, { priceIdr: 12_000 });
  const problem = readProblem(await postOrder(shop.system, buyer, [{ photoId, priceIdr: 10_000 }]));
  expect(problem).toMatchObject({
    status: 409,
    code: 'PRICE_CHANGED',
    figures: { lines: [{ photoId, priceIdr: 12_000 }], totalIdr: 12_000 },
  });
  expect(await countOrders(buyer.accountId)).toBe(0);
});

test('a total that is not the sum of its lines is refused with the right one', async () => {
  const buyer = await shop.signUp();
  const photoId = await shop.addPhoto({ priceIdr: 10_000 });
  const response = await postOrder(shop.system, buyer, [{ photoId, priceIdr: 10_000 }], { totalIdr: 9000 });
  expect(readProblem(response)).toMatchObject({ status: 409, code: 'PRICE_CHANGED', figures: { totalIdr: 10_000 } });
});

test('prices that are changed about between lines are refused, although the total is right', async () => {
  const buyer = await shop.signUp();
  const [cheap, dear] = [await shop.addPhoto({ priceIdr: 10_000 }), await shop.addPhoto({ priceIdr: 20_000 })];
  const response = await postOrder(shop.system, buyer, [
    { photoId: cheap, priceIdr: 20_000 },
    { photoId: dear, priceIdr: 10_000 },
  ]);
  expect(readProblem(response)).toMatchObject({ status: 409, code: 'PRICE_CHANGED', figures: { totalIdr: 30_000 } });
  expect(await countOrders(buyer.accountId)).toBe(0);
});

test('a creator cannot buy their own photo', async () => {
  const photoId = await shop.addPhoto({ priceIdr: 1000 });
  expect(refusalIn(await postOrder(shop.system, shop.creator, [{ photoId, priceIdr: 1000 }]))).toBe('422 PHOTO_OWN');
});

test('a photo that was bought before is refused', async () => {
  const buyer = await shop.signUp();
  const photoId = await shop.addPhoto({ priceIdr: 0 });
  await placeOrder(shop.system, buyer, [{ photoId, priceIdr: 0 }]);
  const again = await postOrder(shop.system, buyer, [{ photoId, priceIdr: 0 }]);
  expect(refusalIn(again)).toBe('409 PHOTO_ALREADY_LICENSED');
});

test('the same key and body again give the same order', async () => {
  const buyer = await shop.signUp();
  const lines = [
    { photoId: await shop.addPhoto({ priceIdr: 1000 }), priceIdr: 1000 },
    { photoId: await shop.addPhoto({ priceIdr: 2000 }), priceIdr: 2000 },
  ];
  const key = newId();
  const first = await postOrder(shop.system, buyer, lines, { key });
  const second = await postOrder(shop.system, buyer, lines.toReversed(), { key });
  expect([first.statusCode, second.statusCode]).toEqual([201, 200]);
  expect(readOrder(second)).toEqual(readOrder(first));
  expect(await countOrders(buyer.accountId)).toBe(1);
});

test('the same key and body give the same order although the price has changed meanwhile', async () => {
  const buyer = await shop.signUp();
  const photoId = await shop.addPhoto({ priceIdr: 1000 });
  const key = newId();
  const first = readOrder(await postOrder(shop.system, buyer, [{ photoId, priceIdr: 1000 }], { key }));
  await shop.changePhoto(photoId, { priceIdr: 5000 });
  expect(readOrder(await postOrder(shop.system, buyer, [{ photoId, priceIdr: 1000 }], { key }))).toEqual(first);
});

test('the same key with another body is refused', async () => {
  const buyer = await shop.signUp();
  const key = newId();
  const photoId = await shop.addPhoto({ priceIdr: 1000 });
  const other = await shop.addPhoto({ priceIdr: 1000 });
  await postOrder(shop.system, buyer, [{ photoId, priceIdr: 1000 }], { key });
  const reused = await postOrder(shop.system, buyer, [{ photoId: other, priceIdr: 1000 }], { key });
  expect(refusalIn(reused)).toBe('409 IDEMPOTENCY_KEY_REUSED');
  expect(await countOrders(buyer.accountId)).toBe(1);
});

test('the same key with another link to an event is refused', async () => {
  const buyer = await shop.signUp();
  const lines = [{ photoId: await shop.addPhoto({ priceIdr: 1000 }), priceIdr: 1000 }];
  const key = newId();
  expect((await postOrder(shop.system, buyer, lines, { key })).statusCode).toBe(201);
  const other = await postOrder(shop.system, buyer, lines, { key, extra: { share: 'the-link-to-an-event' } });
  expect(refusalIn(other)).toBe('409 IDEMPOTENCY_KEY_REUSED');
});

test('the same key of two buyers makes two orders', async () => {
  const [first, second] = await Promise.all([shop.signUp(), shop.signUp()]);
  const key = newId();
  const photoId = await shop.addPhoto({ priceIdr: 1000 });
  const one = readOrder(await postOrder(shop.system, first, [{ photoId, priceIdr: 1000 }], { key }));
  const two = readOrder(await postOrder(shop.system, second, [{ photoId, priceIdr: 1000 }], { key }));
  expect(one.orderId).not.toBe(two.orderId);
});

test('a double click with one key makes one order', async () => {
  const buyer = await shop.signUp();
  const lines = [{ photoId: await shop.addPhoto({ priceIdr: 1000 }), priceIdr: 1000 }];
  const key = newId();
  const clicks = await times(shop, 5, () => postOrder(shop.system, buyer, lines, { key }));
  expect(clicks.map(({ statusCode }) => statusCode).sort()).toEqual([200, 200, 200, 200, 201]);
  expect(new Set(clicks.map((click) => readOrder(click).orderId)).size).toBe(1);
  expect(new Set(clicks.map((click) => readOrder(click).paymentUrl)).size).toBe(1);
  expect(await countOrders(buyer.accountId)).toBe(1);
});

test('a double click with two keys makes one order, and the refusal names it', async () => {
  const buyer = await shop.signUp();
  const lines = [{ photoId: await shop.addPhoto({ priceIdr: 1000 }), priceIdr: 1000 }];
  const clicks = await times(shop, 2, () => postOrder(shop.system, buyer, lines));
  const [made] = clicks.filter(({ statusCode }) => statusCode === 201).map(readOrder);
  const [refused] = clicks.filter(({ statusCode }) => statusCode !== 201).map(readProblem);
  expect(refused).toMatchObject({ status: 409, code: 'ORDER_OPEN_FOR_PHOTO', orderId: made?.orderId });
  expect(await countOrders(buyer.accountId)).toBe(1);
});

test('a shared photo may stand in open orders of several buyers', async () => {
  const [first, second] = await Promise.all([shop.signUp(), shop.signUp()]);
  const photoId = await shop.addPhoto({ priceIdr: 1000 });
  await placeOrder(shop.system, first, [{ photoId, priceIdr: 1000 }]);
  expect((await placeOrder(shop.system, second, [{ photoId, priceIdr: 1000 }])).status).toBe('pending');
});

test('an exclusive photo is reserved for one of several buyers who order together', async () => {
  const buyers = await Promise.all(Array.from({ length: 6 }, () => shop.signUp()));
  const photoId = await shop.addPhoto({ priceIdr: 1000, sale: 'exclusive' });
  const order = (buyer: Member) => () => postOrder(shop.system, buyer, [{ photoId, priceIdr: 1000 }]);
  const answers = await together(shop, buyers.map(order));
  expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([201, ...Array(5).fill(409)]);
  const refused = answers.filter(({ statusCode }) => statusCode === 409).map(readProblem);
  expect(new Set(refused.map(({ code }) => code))).toEqual(new Set(['PHOTO_RESERVED']));
  expect(
    refused.map(({ orderId }) => orderId),
    'the order of somebody else is not told',
  ).toEqual(Array(5).fill(undefined));
});

test('a free exclusive photo is sold once when several buyers order together', async () => {
  const buyers = await Promise.all(Array.from({ length: 6 }, () => shop.signUp()));
  const photoId = await shop.addPhoto({ priceIdr: 0, sale: 'exclusive' });
  const order = (buyer: Member) => () => postOrder(shop.system, buyer, [{ photoId, priceIdr: 0 }]);
  const answers = await together(shop, buyers.map(order));
  const codes = answers.map((answer) => (answer.statusCode === 201 ? 'made' : refusalIn(answer))).sort();
  expect(codes).toEqual([...Array(5).fill('422 PHOTO_SOLD'), 'made']);
  expect(await countLicences(shop, photoId)).toBe(1);
});

test('two orders that name the same photos in opposite sequence do not block each other', async () => {
  const [first, second, third] = await Promise.all([shop.signUp(), shop.signUp(), shop.signUp()]);
  const lines: Line[] = [];
  for (let at = 0; at < 3; at++) {
    lines.push({ photoId: await shop.addPhoto({ priceIdr: 1000, sale: 'exclusive' }), priceIdr: 1000 });
  }
  const other = { photoId: await shop.addPhoto({ priceIdr: 1000 }), priceIdr: 1000 };
  const { orderId } = await placeOrder(shop.system, third, [other]);
  // The photo in the middle is held while both orders are on their way to it, and then let go.
  const photo_id = lines[1]?.photoId ?? '';
  const reservation = { order_id: orderId, photo_id, buyer_id: third.accountId, is_exclusive: true };
  const release = await holdLocks(
    shop,
    (tx) => tx.insertInto('reservations').values(reservation).execute(),
    (tx) => tx.deleteFrom('reservations').where('photo_id', '=', photo_id).execute(),
  );
  const placing = Promise.all([
    postOrder(shop.system, first, lines),
    postOrder(shop.system, second, lines.toReversed()),
  ]);
  await waitForWaiters(shop, 2);
  await release();
  expect((await placing).map(({ statusCode }) => statusCode).sort()).toEqual([201, 409]);
});

test('an order with one photo that is taken reserves none of the others', async () => {
  const [first, second] = await Promise.all([shop.signUp(), shop.signUp()]);
  const taken = await shop.addPhoto({ priceIdr: 1000, sale: 'exclusive' });
  const free = await shop.addPhoto({ priceIdr: 1000, sale: 'exclusive' });
  await placeOrder(shop.system, first, [{ photoId: taken, priceIdr: 1000 }]);
  const both = [free, taken].map((photoId) => ({ photoId, priceIdr: 1000 }));
  const refused = readProblem(await postOrder(shop.system, second, both));
  expect(refused.refusals).toEqual([{ photoId: taken, reason: 'PHOTO_RESERVED' }]);
  expect((await placeOrder(shop.system, first, [{ photoId: free, priceIdr: 1000 }])).status).toBe('pending');
});

test('an order that costs nothing is paid at once, without a payment and without postings', async () => {
  const buyer = await shop.signUp();
  const photoId = await shop.addPhoto({ priceIdr: 0 });
  const order = await placeOrder(shop.system, buyer, [{ photoId, priceIdr: 0 }]);
  expect(order).toMatchObject({ status: 'paid', totalIdr: 0 });
  expect(order.paymentUrl).toBeUndefined();
  expect(await purchasedPhotos(shop.system, buyer)).toEqual([photoId]);
  expect(await shop.db.selectFrom('entries').selectAll().where('source_id', '=', order.orderId).execute()).toEqual([]);
});

test('a buyer cannot hold photos back with more open orders than the limit', async () => {
  const buyer = await shop.signUp();
  const orders = [];
  for (let made = 0; made < ordersOpenMax; made++) {
    orders.push(await placeOrder(shop.system, buyer, [{ photoId: await shop.addPhoto({ priceIdr: 1 }), priceIdr: 1 }]));
  }
  const lines = [{ photoId: await shop.addPhoto({ priceIdr: 1 }), priceIdr: 1 }];
  expect(refusalIn(await postOrder(shop.system, buyer, lines))).toBe('422 ORDERS_OPEN_TOO_MANY');
  await postCancel(shop.system, buyer, orders[0]?.orderId ?? '');
  expect((await placeOrder(shop.system, buyer, lines)).status).toBe('pending');
});

test('the order of another member is not there', async () => {
  const [buyer, stranger] = await Promise.all([shop.signUp(), shop.signUp()]);
  const photoId = await shop.addPhoto({ priceIdr: 1000 });
  const { orderId } = await placeOrder(shop.system, buyer, [{ photoId, priceIdr: 1000 }]);
  const url = `/v1/orders/${orderId}`;
  expect(refusalIn(await shop.system.app.inject({ url, headers: stranger.headers }))).toBe('404 ORDER_NOT_FOUND');
  expect(refusalIn(await shop.system.app.inject({ url: `/v1/orders/${newId()}`, headers: buyer.headers }))).toBe(
    '404 ORDER_NOT_FOUND',
  );
  expect(refusalIn(await postCancel(shop.system, stranger, orderId))).toBe('404 ORDER_NOT_FOUND');
  expect((await fetchOrder(shop.system, buyer, orderId)).status).toBe('pending');
});

test('orders are listed newest first, in pages, and only to their buyer', async () => {
  const [buyer, stranger] = await Promise.all([shop.signUp(), shop.signUp()]);
  const made: string[] = [];
  for (let at = 0; at < 3; at++) {
    const photoId = await shop.addPhoto({ priceIdr: 1000 });
    made.unshift((await placeOrder(shop.system, buyer, [{ photoId, priceIdr: 1000 }])).orderId);
  }
  const list = async (query: string, headers = buyer.headers) =>
    (await shop.system.app.inject({ url: `/v1/orders${query}`, headers })).json();
  const first = await list('?limit=2');
  expect(first.items.map((order: { orderId: string }) => order.orderId)).toEqual(made.slice(0, 2));
  expect(first.items[0]).toMatchObject({ status: 'pending', totalIdr: 1000, photoCount: 1 });
  const second = await list(`?limit=2&cursor=${first.nextCursor}`);
  expect(second.items.map((order: { orderId: string }) => order.orderId)).toEqual(made.slice(2));
  expect(second.nextCursor).toBeNull();
  expect((await list('', stranger.headers)).items).toEqual([]);
  const malformed = await shop.system.app.inject({ url: '/v1/orders?cursor=bm9uc2Vuc2U', headers: buyer.headers });
  expect(refusalIn(malformed)).toBe('400 REQUEST_INVALID');
});

test('who orders without end has to wait, others do not', async () => {
  const [restless, calm] = [await shop.signUp(), await shop.signUp()];
  const line = { photoId: newId(), priceIdr: 1000 };
  for (let count = 0; count < 120; count++) {
    expect(refusalIn(await postOrder(shop.system, restless, [line, line]))).toBe('400 ORDER_PHOTO_REPEATED');
  }
  expect(refusalIn(await postOrder(shop.system, restless, [line, line]))).toBe('429 TOO_MANY_REQUESTS');
  expect(refusalIn(await postOrder(shop.system, calm, [line, line]))).toBe('400 ORDER_PHOTO_REPEATED');
});
