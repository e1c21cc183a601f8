import { refuse } from '@kilas/messages/refuse.ts';
import type { TransactionContext } from '../context.ts';
import { describePhotos } from '../licences/describe-photos.ts';
import { listRefundsByOrder, type Refund } from '../payments/payment-store.ts';
import type { Order, OrderItem } from './order.ts';
import { findOrder, listOrderItems } from './order-store.ts';
import { startAtProvider, startPayment } from './start-payment.ts';

export interface ShownOrder {
  readonly order: Order;
  readonly paymentUrl: string | undefined;
  readonly items: readonly OrderItem[];
  readonly refunds: readonly Refund[];
}

/** An order as its buyer sees it. A pending one has its payment page, which is made now when it could not be made before. */
export async function showOrder(
  ctx: TransactionContext,
  input: { buyerId: string; orderId: string },
): Promise<ShownOrder> {
  const order = await findOrder(ctx.db, input.orderId);
  if (order?.buyerId !== input.buyerId) refuse('ORDER_NOT_FOUND');
  const [paymentUrl, items, refunds] = await Promise.all([
    startPayment(ctx, order),
    listOrderItems(ctx.db, order.orderId),
    listRefundsByOrder(ctx.db, order.orderId),
  ]);
  return { order, paymentUrl, items, refunds };
}

/** The same with links to the thumbnails of its photos, as long as the buyer is paying for them or has them, and photo is there. */
export async function showOrderInPictures(
  ctx: TransactionContext,
  input: { buyerId: string; orderId: string },
): Promise<ShownOrder & { readonly thumbnails: ReadonlyMap<string, string> }> {
  const shown = await showOrder(ctx, input);
  const isTheirs = shown.order.state === 'pending' || shown.order.state === 'paid';
  const appearances = await describePhotos(ctx, isTheirs ? shown.items.map(({ photoId }) => photoId) : []);
  const thumbnails = [...appearances].flatMap(([photoId, { thumbnailUrl }]) =>
    thumbnailUrl === '' ? [] : [[photoId, thumbnailUrl] as const],
  );
  return { ...shown, thumbnails: new Map(thumbnails) };
}

/** The same of an order that was made a moment ago, which nothing is read of. One that cost nothing is paid by now. */
export async function showNewOrder(
  ctx: TransactionContext,
  { order, items }: { order: Order; items: readonly OrderItem[] },
): Promise<ShownOrder> {
  if (order.totalIdr === 0n) return showOrder(ctx, order);
  const paymentUrl = await startAtProvider(ctx, order, ctx.config.PAYMENT_PROVIDER);
  return { order, paymentUrl, items, refunds: [] };
}
