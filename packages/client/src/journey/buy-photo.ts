import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { ApiClient } from '../api-client.ts';
import { until } from './people.ts';

const photo = z.object({ previewUrl: z.string(), priceIdr: z.number() });
const preview = z.object({
  lines: z.array(z.object({ photoId: z.string(), priceIdr: z.number() })),
  totalIdr: z.number(),
});
const order = z.object({ orderId: z.string(), status: z.string(), paymentUrl: z.string().nullish() });
const download = z.object({ url: z.string(), sha256: z.string() });
const wallet = z.object({ balanceIdr: z.number() });

/** The watermarked preview that a member sees before buying. */
export async function downloadPreview(member: ApiClient, photoId: string): Promise<Buffer> {
  const { previewUrl } = await member.call('GET', `/v1/photos/${photoId}`, photo);
  return member.bytes(previewUrl);
}

/** Puts a photo into the cart, checks out, pays on the provider's page and waits until the order is paid. */
export async function buyPhoto(member: ApiClient, photoId: string): Promise<void> {
  await member.send('PUT', `/v1/cart/${photoId}`);
  const { lines, totalIdr } = await member.call('POST', '/v1/checkout/preview', preview, {
    json: { photoIds: [photoId] },
  });
  const repeated = lines.map((line) => ({ photoId: line.photoId, priceIdr: line.priceIdr }));
  const { orderId, paymentUrl } = await member.call('POST', '/v1/orders', order, {
    json: { lines: repeated, totalIdr },
    headers: { 'idempotency-key': randomUUID() },
  });
  if (paymentUrl === undefined || paymentUrl === null) throw new Error('the order has no payment page');
  await member.send('POST', paymentUrl, { urlencoded: { action: 'pay' } });
  await until('the payment', 30_000, async () => {
    const { status } = await member.call('GET', `/v1/orders/${orderId}`, order);
    return status === 'paid' ? true : undefined;
  });
}

export async function downloadOriginal(member: ApiClient, photoId: string): Promise<Buffer> {
  const { url } = await member.call('GET', `/v1/purchases/${photoId}/download`, download);
  return member.bytes(url);
}

export async function walletBalance(creator: ApiClient): Promise<number> {
  return (await creator.call('GET', '/v1/wallet', wallet)).balanceIdr;
}
