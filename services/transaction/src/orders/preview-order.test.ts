import { newId } from '@kilas/platform/process/ids.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { placeOrder, postPreview, readProblem, refusalIn } from '../testing/client.ts';
import { type Shop, startShop } from '../testing/start-shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop.close());

test('a preview names each photo with its price and the total, and reserves nothing', async () => {
  const buyer = await shop.signUp();
  const first = await shop.addPhoto({ priceIdr: 25_000, title: 'Start' });
  const second = await shop.addPhoto({ priceIdr: 40_000, title: 'Finish', sale: 'exclusive' });
  const response = await postPreview(shop.system, buyer, [first, second]);
  expect(response.statusCode).toBe(200);
  const creatorId = shop.creator.accountId;
  expect(response.json()).toEqual({
    lines: [
      { photoId: first, creatorId, title: 'Start', sale: 'shared', priceIdr: 25_000 },
      { photoId: second, creatorId, title: 'Finish', sale: 'exclusive', priceIdr: 40_000 },
    ],
    totalIdr: 65_000,
  });
  expect(
    await shop.db.selectFrom('reservations').selectAll().where('photo_id', 'in', [first, second]).execute(),
  ).toEqual([]);
});

test('a preview that names a photo twice is refused', async () => {
  const buyer = await shop.signUp();
  const photoId = await shop.addPhoto({ priceIdr: 1000 });
  const twice = await postPreview(shop.system, buyer, [photoId, photoId.toUpperCase()]);
  expect(refusalIn(twice)).toBe('400 ORDER_PHOTO_REPEATED');
});

test('a preview tells of every photo why it cannot be bought', async () => {
  const buyer = await shop.signUp({ creator: true });
  const [fine, own, sold, reserved, bought, ordered] = await Promise.all([
    shop.addPhoto({ priceIdr: 1000 }),
    shop.addPhoto({ priceIdr: 1000, creator: buyer }),
    shop.addPhoto({ priceIdr: 0, sale: 'exclusive' }),
    shop.addPhoto({ priceIdr: 1000, sale: 'exclusive' }),
    shop.addPhoto({ priceIdr: 0 }),
    shop.addPhoto({ priceIdr: 1000 }),
  ]);
  const other = await shop.signUp();
  await placeOrder(shop.system, other, [{ photoId: sold, priceIdr: 0 }]);
  await placeOrder(shop.system, other, [{ photoId: reserved, priceIdr: 1000 }]);
  await placeOrder(shop.system, buyer, [{ photoId: bought, priceIdr: 0 }]);
  const { orderId } = await placeOrder(shop.system, buyer, [{ photoId: ordered, priceIdr: 1000 }]);
  const photoIds = [fine, own, sold, reserved, bought, ordered];
  const problem = readProblem(await postPreview(shop.system, buyer, photoIds));
  const byPhoto = (one: { photoId: string }, other: { photoId: string }) => (one.photoId < other.photoId ? -1 : 1);
  expect(problem.refusals?.toSorted(byPhoto)).toEqual(
    [
      { photoId: own, reason: 'PHOTO_OWN' },
      { photoId: sold, reason: 'PHOTO_SOLD' },
      { photoId: reserved, reason: 'PHOTO_RESERVED' },
      { photoId: bought, reason: 'PHOTO_ALREADY_LICENSED' },
      { photoId: ordered, reason: 'ORDER_OPEN_FOR_PHOTO', orderId },
    ].toSorted(byPhoto),
  );
  expect(problem.code, 'the code is that of the first').toBe(problem.refusals?.[0]?.reason);
});

test('a photo that is hidden or not there cannot be ordered', async () => {
  const buyer = await shop.signUp();
  const hidden = await shop.addPhoto({ priceIdr: 1000 });
  await shop.changePhoto(hidden, { hidden: true });
  for (const photoId of [hidden, newId()]) {
    expect(refusalIn(await postPreview(shop.system, buyer, [photoId]))).toBe('404 PHOTO_NOT_FOUND');
  }
});

test('a preview wants someone signed in, and refuses to be told who that is', async () => {
  const photoId = await shop.addPhoto({ priceIdr: 1000 });
  expect(refusalIn(await postPreview(shop.system, { headers: { authorization: '' } }, [photoId]))).toMatch(/^401 /);
  const buyer = await shop.signUp();
  const named = await shop.system.app.inject({
    method: 'POST',
    url: '/v1/checkout/preview',
    headers: buyer.headers,
    payload: { photoIds: [photoId], buyerId: newId() },
  });
  expect(refusalIn(named)).toBe('400 REQUEST_INVALID');
});

test('who asks for prices without end has to wait, others do not', async () => {
  const [restless, calm] = [await shop.signUp(), await shop.signUp()];
  const twice = [newId(), newId()].flatMap((photoId) => [photoId, photoId]);
  for (let count = 0; count < 600; count++) {
    expect(refusalIn(await postPreview(shop.system, restless, twice))).toBe('400 ORDER_PHOTO_REPEATED');
  }
  expect(refusalIn(await postPreview(shop.system, restless, twice))).toBe('429 TOO_MANY_REQUESTS');
  expect(refusalIn(await postPreview(shop.system, calm, twice))).toBe('400 ORDER_PHOTO_REPEATED');
});
