import { waitFor } from '@kilas/testkit/wait-for.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fetchOrder, placeOrder } from '../testing/client.ts';
import { type Shop, startShop } from '../testing/start-shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startShop({ env: { ORDER_LIFETIME_SECONDS: '1' } });
});
afterAll(() => shop.close());

test('an order that nobody pays expires by itself and frees its exclusive photo', async () => {
  const buyer = await shop.signUp();
  const other = await shop.signUp();
  const lines = [{ photoId: await shop.addPhoto({ priceIdr: 10_000, sale: 'exclusive' }), priceIdr: 10_000 }];
  const { orderId } = await placeOrder(shop.system, buyer, lines);
  const isExpired = async () => (await fetchOrder(shop.system, buyer, orderId)).status === 'expired';
  await waitFor(isExpired, { what: 'the order to expire' });
  expect((await placeOrder(shop.system, other, lines)).status).toBe('pending');
});
