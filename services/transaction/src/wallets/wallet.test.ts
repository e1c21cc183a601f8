import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { placeOrder, refusalIn } from '../testing/client.ts';
import { paidNotice, sendNotice } from '../testing/notices.ts';
import { type Shop, startShop } from '../testing/start-shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startShop({ env: { COMMISSION_PERCENT: '15' } });
});
afterAll(() => shop.close());

const entries = z.object({
  items: z.array(z.looseObject({ photoId: z.string(), orderId: z.string() })),
  nextCursor: z.string().nullable(),
});

async function getJson(url: string, headers: Record<string, string>): Promise<unknown> {
  return (await shop.system.app.inject({ url, headers })).json();
}

async function buy(lines: { photoId: string; priceIdr: number }[]) {
  const order = await placeOrder(shop.system, await shop.signUp(), lines);
  const now = new Date();
  await sendNotice(shop.system, paidNotice(order, now), { at: now });
  return order;
}

test('a sale credits each creator of the order their own photos, less the commission', async () => {
  const [first, second] = await Promise.all([shop.signUp({ creator: true }), shop.signUp({ creator: true })]);
  const mine = await shop.addPhoto({ priceIdr: 10_001, creator: first });
  const theirs = await shop.addPhoto({ priceIdr: 50_000, creator: second });
  const order = await buy([
    { photoId: mine, priceIdr: 10_001 },
    { photoId: theirs, priceIdr: 50_000 },
  ]);
  expect(await getJson('/v1/wallet', first.headers)).toEqual({ balanceIdr: 8501, earnedIdr: 8501 });
  expect(await getJson('/v1/wallet', second.headers)).toEqual({ balanceIdr: 42_500, earnedIdr: 42_500 });
  const list = entries.parse(await getJson('/v1/wallet/entries', first.headers));
  expect(list.items).toMatchObject([
    { kind: 'sale', orderId: order.orderId, photoId: mine, grossIdr: 10_001, commissionIdr: 1500, netIdr: 8501 },
  ]);
});

test('what the platform keeps of a sale is told to everybody', async () => {
  expect(await getJson('/v1/wallet/terms', {})).toEqual({ commissionPercent: 15 });
});

test('wallet entries come newest first in pages, each once', async () => {
  const creator = await shop.signUp({ creator: true });
  const add = () => shop.addPhoto({ priceIdr: 1000, creator });
  const photos = [await add(), await add(), await add(), await add()];
  const [one, two, three, four] = photos.map((photoId) => ({ photoId, priceIdr: 1000 }));
  if (!one || !two || !three || !four) throw new Error('four photos');
  await buy([one]);
  await buy([two, three]);
  await buy([four]);
  const seen: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const page = entries.parse(await getJson(`/v1/wallet/entries?limit=1${query}`, creator.headers));
    seen.push(...page.items.map(({ photoId }) => photoId));
    cursor = page.nextCursor;
  }
  expect(seen).toEqual([four, two, three, one].map(({ photoId }) => photoId));
});

test('a creator without sales has an empty wallet', async () => {
  const creator = await shop.signUp({ creator: true });
  expect(await getJson('/v1/wallet', creator.headers)).toEqual({ balanceIdr: 0, earnedIdr: 0 });
  expect(await getJson('/v1/wallet/entries', creator.headers)).toEqual({ items: [], nextCursor: null });
});

test('who is no creator has no wallet', async () => {
  const member = await shop.signUp();
  for (const url of ['/v1/wallet', '/v1/wallet/entries']) {
    expect(refusalIn(await shop.system.app.inject({ url, headers: member.headers }))).toBe('403 CREATOR_REQUIRED');
    expect(refusalIn(await shop.system.app.inject({ url }))).toBe('401 TOKEN_MISSING');
  }
});

test('a cursor that we did not give is refused', async () => {
  const { headers } = shop.creator;
  // The last is a position that no row of the table can have.
  for (const position of ['nonsense', '["x",1]', `["${shop.creator.accountId}",2147483648]`]) {
    const cursor = Buffer.from(position).toString('base64url');
    const response = await shop.system.app.inject({ url: `/v1/wallet/entries?cursor=${cursor}`, headers });
    expect(refusalIn(response)).toBe('400 REQUEST_INVALID');
  }
});
