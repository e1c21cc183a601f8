import { newId } from '@kilas/platform/process/ids.ts';
import type { Member } from '@kilas/testkit/sign-up.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listPurchases, placeOrder, postCancel, postOrder, postPreview, refusalIn } from '../testing/client.ts';
import { type Shop, startShop } from '../testing/start-shop.ts';

let shop: Shop;

async function buyFreePhoto(title = 'Finish line', member?: Member) {
  const buyer = member ?? (await shop.signUp());
  const photoId = await shop.addPhoto({ priceIdr: 0, title });
  await placeOrder(shop.system, buyer, [{ photoId, priceIdr: 0 }]);
  return { buyer, photoId };
}

const download = (photoId: string, headers: Record<string, string>) =>
  shop.system.app.inject({ url: `/v1/purchases/${photoId}/download`, headers });

describe.each(['files', 's3'] as const)('with objects on %s', (objects) => {
  beforeAll(async () => {
    shop = await startShop({ objects });
  });
  afterAll(() => shop.close());

  test('a purchase shows title and thumbnail, and its original can be fetched by a link that ends', async () => {
    const { buyer, photoId } = await buyFreePhoto('Kilometre 12');
    const { items } = await listPurchases(shop.system, buyer);
    expect(items).toMatchObject([{ photoId, title: 'Kilometre 12', sale: 'shared', priceIdr: 0 }]);
    expect(items[0]?.thumbnailUrl).toMatch(/^http/);
    const link = await download(photoId, buyer.headers);
    expect(link.statusCode).toBe(200);
    expect(link.headers['cache-control']).toBe('no-store');
    expect(Object.keys(link.json()).sort()).toEqual(['expiresAt', 'fileName', 'sha256', 'sizeBytes', 'url']);
    const { url, expiresAt } = link.json();
    expect(new URL(url).host === 'kilas.test').toBe(objects === 'files');
    expect(url).toMatch(/signature=/i);
    expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(300_000);
  });

  test('without a licence there is no original: not for strangers, not for who has only ordered, not for the creator', async () => {
    const { photoId } = await buyFreePhoto();
    const stranger = await shop.signUp();
    expect(refusalIn(await download(photoId, stranger.headers))).toBe('404 PURCHASE_NOT_FOUND');
    expect(refusalIn(await download(newId(), stranger.headers))).toBe('404 PURCHASE_NOT_FOUND');
    expect(refusalIn(await download(photoId, shop.creator.headers))).toBe('404 PURCHASE_NOT_FOUND');
    expect(refusalIn(await download(photoId, {}))).toBe('401 TOKEN_MISSING');
    const costly = await shop.addPhoto({ priceIdr: 10_000 });
    await placeOrder(shop.system, stranger, [{ photoId: costly, priceIdr: 10_000 }]);
    expect(refusalIn(await download(costly, stranger.headers))).toBe('404 PURCHASE_NOT_FOUND');
    expect((await listPurchases(shop.system, stranger)).items).toEqual([]);
  });

  test('a photo that is hidden after it was sold stays good for who bought it', async () => {
    const { buyer, photoId } = await buyFreePhoto();
    await shop.changePhoto(photoId, { hidden: true });
    expect((await listPurchases(shop.system, buyer)).items.map((item) => item.photoId)).toEqual([photoId]);
    expect((await download(photoId, buyer.headers)).statusCode).toBe(200);
  });
});

async function linesOf(buyer: Member, orderId: unknown): Promise<{ photoId: string; thumbnailUrl?: string }[]> {
  const url = `/v1/orders/${orderId}`;
  return (await shop.system.app.inject({ url, headers: buyer.headers })).json().lines;
}

describe('with objects anywhere', () => {
  beforeAll(async () => {
    shop = await startShop();
  });
  afterAll(() => shop.close());

  test('an order shows the thumbnails of its photos while it is pending or paid, and none once it was given up', async () => {
    const buyer = await shop.signUp();
    const photoId = await shop.addPhoto({ priceIdr: 10_000 });
    const { orderId } = await placeOrder(shop.system, buyer, [{ photoId, priceIdr: 10_000 }]);
    expect(await linesOf(buyer, orderId)).toMatchObject([{ photoId, thumbnailUrl: expect.stringMatching(/^http/) }]);
    const { photoId: free } = await buyFreePhoto('Kilometre 3', buyer);
    const { items } = await listPurchases(shop.system, buyer);
    const [bought] = await linesOf(buyer, items[0]?.orderId);
    expect(bought).toMatchObject({ photoId: free, thumbnailUrl: items[0]?.thumbnailUrl });
    await postCancel(shop.system, buyer, orderId);
    expect((await linesOf(buyer, orderId))[0]).not.toHaveProperty('thumbnailUrl');
  });

  test('purchases are listed newest first, in pages', async () => {
    const buyer = await shop.signUp();
    const bought: string[] = [];
    for (let at = 0; at < 3; at++) {
      const photoId = await shop.addPhoto({ priceIdr: 0 });
      await placeOrder(shop.system, buyer, [{ photoId, priceIdr: 0 }]);
      bought.unshift(photoId);
    }
    const first = await listPurchases(shop.system, buyer, '?limit=2');
    const second = await listPurchases(shop.system, buyer, `?limit=2&cursor=${first.nextCursor}`);
    expect([...first.items, ...second.items].map(({ photoId }) => photoId)).toEqual(bought);
    expect(second.nextCursor).toBeNull();
  });

  test('while photo is away purchases are listed without pictures, and what needs photo says it is not available', async () => {
    const { buyer, photoId } = await buyFreePhoto('Kilometre 21');
    const comeBack = shop.takePhotoAway();
    try {
      const { items } = await listPurchases(shop.system, buyer);
      expect(items).toMatchObject([{ photoId, title: 'Kilometre 21' }]);
      expect(items[0]?.thumbnailUrl).toBeUndefined();
      expect((await linesOf(buyer, items[0]?.orderId))[0]).not.toHaveProperty('thumbnailUrl');
      const answers = [
        await download(photoId, buyer.headers),
        await postPreview(shop.system, buyer, [photoId]),
        await postOrder(shop.system, buyer, [{ photoId, priceIdr: 0 }]),
      ];
      expect(answers.map(refusalIn)).toEqual(Array(3).fill('503 SERVICE_UNAVAILABLE'));
    } finally {
      comeBack();
    }
    expect((await download(photoId, buyer.headers)).statusCode).toBe(200);
  });
});
