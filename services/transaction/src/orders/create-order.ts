import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { PhotosReservedSchema } from '@kilas/contracts/gen/kilas/transaction/v1/events_pb.js';
import { refuse } from '@kilas/messages/refuse.ts';
import { takeAttempt } from '@kilas/messages/take-attempt.ts';
import { addSeconds } from '@kilas/platform/clock.ts';
import { newId } from '@kilas/platform/ids.ts';
import { noteThing } from '@kilas/platform/telemetry/spans.ts';
import { transact } from '@kilas/platform/transact.ts';
import type { Transaction } from 'kysely';
import type { TransactionContext } from '../context.ts';
import type { TransactionSchema } from '../db/schema.ts';
import { ordersBy } from '../metrics.ts';
import { insertPayment } from '../payments/payment-store.ts';
import { findWaits, refuseTooManyHolds } from './find-waits.ts';
import { expireOrderJob } from './jobs.ts';
import {
  checkIntervalSeconds,
  commissionOf,
  hashOfRequest,
  type Order,
  ordersOpenMax,
  type PricedPhoto,
} from './order.ts';
import { countPendingOrders, findOrderByKey, insertOrder, insertOrderItems, lockBuyer } from './order-store.ts';
import { refuseObstacles } from './photo-refusal.ts';
import { previewOf, refuseRepeatedPhotos, toPreviewJson } from './preview-order.ts';
import { type Buyer, type Quote, type QuotedPhoto, quotePhotos } from './quote-photos.ts';
import { findObstacles, reservePhotos } from './reserve-photos.ts';
import { settleOrder } from './settle-order.ts';

export interface OrderRequest extends Buyer {
  readonly idempotencyKey: string;
  /** The preview, repeated. */
  readonly lines: readonly PricedPhoto[];
  readonly totalIdr: bigint;
  readonly share?: string | undefined;
}

export interface CreatedOrder {
  readonly orderId: string;
  readonly isNew: boolean;
}

/**
 * Makes one order per key of a buyer, at the prices previewed and with all its photos reserved, or nothing at all. An order
 * that costs nothing is paid at once.
 */
export async function createOrder(ctx: TransactionContext, request: OrderRequest): Promise<CreatedOrder> {
  const { buyerId, idempotencyKey, lines, totalIdr, share } = request;
  await takeAttempt(ctx.limits.ordersByBuyer, buyerId);
  const photoIds = lines.map(({ photoId }) => photoId);
  refuseRepeatedPhotos(photoIds);
  const requestHash = hashOfRequest(lines, totalIdr, share);
  const known = await findOrderByKey(ctx.db, buyerId, idempotencyKey);
  if (known !== undefined) return repeatOrder(known, requestHash);
  const quote = await quotePhotos(ctx, request, photoIds, share);
  const created = await transact(ctx.db, async (tx) => {
    await lockBuyer(tx, buyerId);
    // The key is judged first: of two requests at once the second is a repetition, whatever photo says by now.
    const twin = await findOrderByKey(tx, buyerId, idempotencyKey);
    if (twin !== undefined) return repeatOrder(twin, requestHash);
    if (quote.refusals.length > 0) refuseObstacles(await findObstacles(tx, buyerId, photoIds), quote.refusals);
    refuseOtherPrices(request, quote.lines);
    return { orderId: await openOrder(ctx, tx, request, requestHash, quote), isNew: true };
  });
  noteThing('order', created.orderId);
  if (created.isNew) ordersBy.add({ state: 'pending' });
  if (created.isNew && totalIdr === 0n) ordersBy.add({ state: 'paid' });
  return created;
}

function repeatOrder(known: { order: Order; requestHash: string }, requestHash: string): CreatedOrder {
  if (known.requestHash !== requestHash) refuse('IDEMPOTENCY_KEY_REUSED');
  return { orderId: known.order.orderId, isNew: false };
}

/** The new figures come with the refusal. */
function refuseOtherPrices(request: OrderRequest, quoted: readonly QuotedPhoto[]): void {
  const now = previewOf(quoted);
  const isSame = request.lines.every(({ priceIdr }, at) => priceIdr === quoted[at]?.priceIdr);
  if (isSame && request.totalIdr === now.totalIdr) return;
  refuse('PRICE_CHANGED', { extension: JSON.stringify({ figures: toPreviewJson(now) }) });
}

async function openOrder(
  ctx: TransactionContext,
  tx: Transaction<TransactionSchema>,
  request: OrderRequest,
  requestHash: string,
  quote: Quote,
): Promise<string> {
  const { buyerId, idempotencyKey, totalIdr } = request;
  if ((await countPendingOrders(tx, buyerId)) >= ordersOpenMax) refuse('ORDERS_OPEN_TOO_MANY');
  const createdAt = ctx.clock.now();
  const order = await insertOrder(tx, {
    orderId: newId(),
    buyerId,
    totalIdr,
    photoCount: quote.lines.length,
    idempotencyKey,
    requestHash,
    createdAt,
    expiresAt: addSeconds(createdAt, ctx.config.ORDER_LIFETIME_SECONDS),
    nextCheckAt: addSeconds(createdAt, checkIntervalSeconds),
  });
  const { COMMISSION_PERCENT, PAYMENT_PROVIDER } = ctx.config;
  const items = quote.lines.map((line) => ({
    ...line,
    commissionIdr: commissionOf(line.priceIdr, COMMISSION_PERCENT),
  }));
  await insertOrderItems(tx, order.orderId, items);
  refuseObstacles(await reservePhotos(tx, order, items));
  if (totalIdr > 0n && items.some(({ sale }) => sale === 'exclusive')) {
    // Judged under the reservations: an order of this buyer that held the same photo has ended by now, and is counted.
    refuseObstacles(await findWaits(ctx, tx, buyerId, items));
    await refuseTooManyHolds(ctx, tx, buyerId);
  }
  if (totalIdr === 0n) {
    await settleOrder(ctx, tx, order);
  } else {
    await insertPayment(tx, order.orderId, PAYMENT_PROVIDER);
    await ctx.jobs.send(tx, expireOrderJob, { orderId: order.orderId }, { startAfter: order.expiresAt });
    await ctx.outbox.publish(tx, PhotosReservedSchema, order.orderId, {
      orderId: order.orderId,
      buyerId,
      photos: items.map(({ photoId, sale, creatorId }) => ({ photoId, sale, creatorId })),
      expiresAt: timestampFromDate(order.expiresAt),
    });
  }
  return order.orderId;
}
