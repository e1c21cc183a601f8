import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { pick } from '../../random.ts';
import type { Person } from './person.ts';
import type { World } from './world.ts';

const paidWaitMaxMs = 120_000;
const askEveryMs = 1_000;
/** A buyer may have ten orders open. */
const photosPerOrderMax = 2;

const preview = z.object({
  lines: z.array(z.object({ photoId: z.string(), priceIdr: z.number() })),
  totalIdr: z.number(),
});
const order = z.object({ orderId: z.string(), status: z.string(), paymentUrl: z.string().optional() });
const download = z.object({ url: z.string() });

/** Buys one or two photos: preview, order, payment page, until the order is paid; then the first original. */
export async function buyPhotos(world: World): Promise<void> {
  const buyer = pick(world.random, world.buyers);
  if (buyer === undefined) return;
  const photoIds = choosePhotos(world, buyer);
  if (photoIds.length === 0) return;
  const json = { photoIds };
  const seen = await buyer.call(
    { route: 'order-preview', method: 'POST', path: '/v1/checkout/preview', json },
    preview,
  );
  if (seen === undefined) return;
  const orderId = await placeOrder(world, buyer, seen);
  if (orderId === undefined) return;
  const paymentUrl = await findPaymentUrl(buyer, orderId);
  if (paymentUrl === undefined) return;
  const paid = await world.client.send({
    route: 'pay',
    method: 'POST',
    path: paymentUrl,
    urlencoded: { action: 'pay' },
    expect: [303],
  });
  if (paid === undefined) return;
  const accepted = world.book.orders.get(orderId);
  if (accepted !== undefined) accepted.isPaid = true;
  if (await awaitPaid(buyer, orderId)) await downloadOriginal(world, buyer, photoIds[0] ?? '');
}

function choosePhotos(world: World, buyer: Person): string[] {
  const free = [...world.onSale.keys()].filter((photoId) => !world.ordered.has(`${buyer.accountId} ${photoId}`));
  const count = 1 + Math.floor(world.random() * photosPerOrderMax);
  const chosen = Array.from({ length: count }, () => pick(world.random, free)).filter(
    (photoId) => photoId !== undefined,
  );
  const photoIds = [...new Set(chosen)];
  for (const photoId of photoIds) world.ordered.add(`${buyer.accountId} ${photoId}`);
  return photoIds;
}

async function placeOrder(world: World, buyer: Person, seen: z.output<typeof preview>): Promise<string | undefined> {
  const lines = seen.lines.map(({ photoId, priceIdr }) => ({ photoId, priceIdr }));
  const idempotencyKey = randomUUID();
  const answer = await buyer.call(
    {
      route: 'order-create',
      method: 'POST',
      path: '/v1/orders',
      json: { lines, totalIdr: seen.totalIdr },
      headers: { 'idempotency-key': idempotencyKey },
      expect: [201, 200],
    },
    order,
  );
  if (answer === undefined) return undefined;
  world.book.orders.set(answer.orderId, {
    buyerId: buyer.accountId,
    idempotencyKey,
    photoIds: lines.map(({ photoId }) => photoId),
    totalIdr: seen.totalIdr,
    isPaid: false,
  });
  return answer.orderId;
}

/** The page is absent while the provider is away: a buyer asks again. */
async function findPaymentUrl(buyer: Person, orderId: string): Promise<string | undefined> {
  const deadline = performance.now() + paidWaitMaxMs;
  while (performance.now() < deadline) {
    const answer = await buyer.call({ route: 'order', path: `/v1/orders/${orderId}` }, order);
    if (answer?.paymentUrl !== undefined) return answer.paymentUrl;
    if (answer !== undefined && answer.status !== 'pending') return undefined;
    await delay(askEveryMs);
  }
  return undefined;
}

async function awaitPaid(buyer: Person, orderId: string): Promise<boolean> {
  const deadline = performance.now() + paidWaitMaxMs;
  while (performance.now() < deadline) {
    const answer = await buyer.call({ route: 'order', path: `/v1/orders/${orderId}` }, order);
    if (answer?.status === 'paid') return true;
    await delay(askEveryMs);
  }
  return false;
}

async function downloadOriginal(world: World, buyer: Person, photoId: string): Promise<void> {
  const link = await buyer.call({ route: 'download', path: `/v1/purchases/${photoId}/download` }, download);
  if (link !== undefined) await world.client.send({ route: 'original', path: link.url });
}
