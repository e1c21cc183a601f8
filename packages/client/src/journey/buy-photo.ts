import { randomUUID } from 'node:crypto';
import { type ApiClient, answerOf } from '../api-client.ts';
import { until } from './people.ts';

/** The watermarked preview that a member sees before buying. */
export async function downloadPreview(member: ApiClient, photoId: string): Promise<Buffer> {
  const { previewUrl } = await answerOf(member.rest.GET('/v1/photos/{photoId}', { params: { path: { photoId } } }));
  if (previewUrl == null) throw new Error(`the photo ${photoId} has no preview`);
  return member.bytes(previewUrl);
}

/** Puts a photo into the cart, checks out, pays on the provider's page and waits until the order is paid. */
export async function buyPhoto(member: ApiClient, photoId: string): Promise<void> {
  await member.rest.PUT('/v1/cart/{photoId}', { params: { path: { photoId } } });
  const { lines, totalIdr } = await answerOf(
    member.rest.POST('/v1/checkout/preview', { body: { photoIds: [photoId] } }),
  );
  const repeated = lines.map((line) => ({ photoId: line.photoId, priceIdr: line.priceIdr }));
  const { orderId, paymentUrl } = await answerOf(
    member.rest.POST('/v1/orders', {
      params: { header: { 'idempotency-key': randomUUID() } },
      body: { lines: repeated, totalIdr },
    }),
  );
  if (paymentUrl === undefined || paymentUrl === null) throw new Error('the order has no payment page');
  await member.follow(paymentUrl, { action: 'pay' });
  await until('the payment', 30_000, async () => {
    const { status } = await answerOf(member.rest.GET('/v1/orders/{orderId}', { params: { path: { orderId } } }));
    return status === 'paid' ? true : undefined;
  });
}

export async function downloadOriginal(member: ApiClient, photoId: string): Promise<Buffer> {
  const { url } = await answerOf(
    member.rest.GET('/v1/purchases/{photoId}/download', { params: { path: { photoId } } }),
  );
  return member.bytes(url);
}

export async function walletBalance(creator: ApiClient): Promise<number> {
  return (await answerOf(creator.rest.GET('/v1/wallet'))).balanceIdr;
}
