import type { Member } from '@kilas/testkit/sign-up.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { placeOrder, postCancel, postPreview, refusalIn } from '../testing/client.ts';
import { type Shop, startShop } from '../testing/start-shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop.close());

const call = (method: 'GET' | 'PUT', url: string, { headers }: Member) =>
  shop.system.app.inject({ method, url, headers });

/** Why the viewer cannot buy a photo, as each list says it; null where they can. */
async function offers(photoId: string, viewer: Member): Promise<unknown[]> {
  const photo = (await call('GET', `/v1/photos/${photoId}`, viewer)).json();
  const lists = [`/v1/events/${photo.event.eventId}/photos`, '/v1/wishlist', '/v1/favourites', '/v1/cart'];
  const said = [photo];
  for (const url of lists) {
    const { items } = (await call('GET', `${url}?limit=100`, viewer)).json();
    said.push(...items.filter((item: { photoId: string }) => item.photoId === photoId));
  }
  for (const item of said) expect(item.buyable).toBe(item.notBuyableReason === null);
  return [...new Set(said.map((item) => item.notBuyableReason))];
}

const offered = (photoId: string, viewer: Member, wanted: string | null) =>
  waitFor(async () => JSON.stringify(await offers(photoId, viewer)) === JSON.stringify([wanted]), {
    what: `every list to say ${wanted}`,
  });

async function keep(photoId: string, viewer: Member, lists = ['wishlist', 'favourites', 'cart']): Promise<void> {
  for (const list of lists) expect((await call('PUT', `/v1/${list}/${photoId}`, viewer)).statusCode).toBe(204);
}

test('an exclusive photo that somebody is paying for is offered to nobody until the order ends', async () => {
  const [buyer, other, third] = [await shop.signUp(), await shop.signUp(), await shop.signUp()];
  const photoId = await shop.addPhoto({ priceIdr: 9000, sale: 'exclusive' });
  for (const viewer of [buyer, other]) await keep(photoId, viewer);
  const { orderId } = await placeOrder(shop.system, buyer, [{ photoId, priceIdr: 9000 }]);
  await offered(photoId, other, 'PHOTO_RESERVED');
  expect(await offers(photoId, buyer)).toEqual(['ORDER_OPEN_FOR_PHOTO']);
  expect(refusalIn(await call('PUT', `/v1/cart/${photoId}`, third))).toBe('409 PHOTO_RESERVED');
  // The checkout says the same.
  expect(refusalIn(await postPreview(shop.system, other, [photoId]))).toBe('409 PHOTO_RESERVED');
  await postCancel(shop.system, buyer, orderId);
  for (const viewer of [buyer, other]) await offered(photoId, viewer, null);
  await keep(photoId, third, ['cart']);
});

test('an exclusive photo that a buyer held for nothing is offered to others, and to that buyer when they waited', async () => {
  const [buyer, other] = [await shop.signUp(), await shop.signUp()];
  const photoId = await shop.addPhoto({ priceIdr: 9000, sale: 'exclusive' });
  for (const viewer of [buyer, other]) await keep(photoId, viewer);
  // As if each of these orders had been open for a whole lifetime.
  for (let count = 0; count < 3; count++) {
    const { orderId } = await placeOrder(shop.system, buyer, [{ photoId, priceIdr: 9000 }]);
    if (count === 2) {
      await shop.db.updateTable('unpaid_holds').set({ held_seconds: 900 }).where('photo_id', '=', photoId).execute();
    }
    await postCancel(shop.system, buyer, orderId);
  }
  await offered(photoId, buyer, 'PHOTO_HELD_UNPAID');
  expect(refusalIn(await postPreview(shop.system, buyer, [photoId]))).toBe('429 PHOTO_HELD_UNPAID');
  await offered(photoId, other, null);
  await placeOrder(shop.system, other, [{ photoId, priceIdr: 9000 }]);
  await offered(photoId, buyer, 'PHOTO_RESERVED');
  expect(refusalIn(await postPreview(shop.system, buyer, [photoId]))).toBe('409 PHOTO_RESERVED');
});

test('a shared photo that somebody is paying for is offered to all others', async () => {
  const [buyer, other] = [await shop.signUp(), await shop.signUp()];
  const photoId = await shop.addPhoto({ priceIdr: 9000 });
  await placeOrder(shop.system, buyer, [{ photoId, priceIdr: 9000 }]);
  await offered(photoId, buyer, 'ORDER_OPEN_FOR_PHOTO');
  expect(await offers(photoId, other)).toEqual([null]);
});

test('a photo that its viewer bought is not offered to them again, and to others as before', async () => {
  const [buyer, other] = [await shop.signUp(), await shop.signUp()];
  const photoId = await shop.addPhoto({ priceIdr: 0 });
  for (const viewer of [buyer, other]) await keep(photoId, viewer, ['wishlist', 'favourites']);
  await placeOrder(shop.system, buyer, [{ photoId, priceIdr: 0 }]);
  await offered(photoId, buyer, 'PHOTO_ALREADY_LICENSED');
  expect(refusalIn(await call('PUT', `/v1/cart/${photoId}`, buyer))).toBe('409 PHOTO_ALREADY_LICENSED');
  expect(await offers(photoId, other)).toEqual([null]);
});

test('an exclusive photo that was sold says to its buyer that it is theirs, to others that it is sold', async () => {
  const [buyer, other] = [await shop.signUp(), await shop.signUp()];
  const photoId = await shop.addPhoto({ priceIdr: 0, sale: 'exclusive' });
  await placeOrder(shop.system, buyer, [{ photoId, priceIdr: 0 }]);
  await offered(photoId, buyer, 'PHOTO_ALREADY_LICENSED');
  await offered(photoId, other, 'PHOTO_SOLD');
});

test('an order whose end was lost holds a photo for an hour after its time at most', async () => {
  const [buyer, other] = [await shop.signUp(), await shop.signUp()];
  const photoId = await shop.addPhoto({ priceIdr: 9000, sale: 'exclusive' });
  await placeOrder(shop.system, buyer, [{ photoId, priceIdr: 9000 }]);
  await offered(photoId, other, 'PHOTO_RESERVED');
  const catalogue = new pg.Client({ connectionString: shop.system.databaseUrls.photo });
  await catalogue.connect();
  try {
    const held = 'select held_until > now() + interval $1 as longer from reserved_photos where photo_id = $2';
    for (const [interval, longer] of [
      ['70 minutes', true],
      ['80 minutes', false],
    ] as const) {
      expect((await catalogue.query(held.replace('$1', `'${interval}'`).replace('$2', '$1'), [photoId])).rows).toEqual([
        { longer },
      ]);
    }
    await catalogue.query('update reserved_photos set held_until = now() where photo_id = $1', [photoId]);
  } finally {
    await catalogue.end();
  }
  expect(await offers(photoId, other)).toEqual([null]);
});
