import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { PhotosReservedSchema } from '@kilas/contracts/gen/kilas/transaction/v1/events_pb.js';
import { refuse } from '@kilas/messages/refuse.ts';
import { takeAttempt } from '@kilas/messages/take-attempt.ts';
import { together, transact } from '@kilas/platform/db/transact.ts';
import { refusalOf } from '@kilas/platform/problems/refusal.ts';
import { addSeconds } from '@kilas/platform/process/clock.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import { noteThing } from '@kilas/platform/telemetry/spans.ts';
import type { Transaction } from 'kysely';
import type { TransactionContext } from '../context.ts';
import type { TransactionSchema } from '../db/schema.ts';
import { ordersBy } from '../metrics.ts';
import { insertPayment } from '../payments/payment-store.ts';
import { findWaits, refuseTooManyHolds } from '../reservations/find-waits.ts';
import { type PhotoRefusal, refuseObstacles } from '../reservations/photo-refusal.ts';
import { findObstacles, reservePhotos } from '../reservations/reserve-photos.ts';
import { holdPhotos, letPhotosGo } from './hold-photos.ts';
import { expireOrderJob } from './jobs.ts';
import {
  checkIntervalSeconds,
  commissionOf,
  hashOfRequest,
  type Order,
  type OrderItem,
  ordersOpenMax,
  type PricedPhoto,
} from './order.ts';
import { countPendingOrders, findOrderByKey, insertOrder, insertOrderItems, lockBuyer } from './order-store.ts';
import { previewOf, refuseRepeatedPhotos, toPreviewJson } from './preview-order.ts';
import { type Buyer, type Quote, type QuotedPhoto, quotePhotos } from './quote-photos.ts';
import { settleOrder } from './settle-order.ts';

export interface OrderRequest extends Buyer {
  readonly idempotencyKey: string;
  /** The preview, repeated. */
  readonly lines: readonly PricedPhoto[];
  readonly totalIdr: bigint;
  readonly share?: string | undefined;
}

/** An order that was there before has only its id. */
export type CreatedOrder =
  | { readonly isNew: false; readonly orderId: string }
  | { readonly isNew: true; readonly orderId: string; readonly order: Order; readonly items: readonly OrderItem[] };

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
  // Asked at once, since a repetition is seldom; then what photo says does not count.
  const quoting = quotePhotos(ctx, request, photoIds, share);
  quoting.catch(() => {});
  const known = await findOrderByKey(ctx.db, buyerId, idempotencyKey);
  if (known !== undefined) return repeatOrder(known, requestHash);
  const orderId = newId();
  const created = await whileHeld(ctx, { orderId, buyerId }, await quoting, (quote) =>
    transact(ctx.db, async (tx): Promise<CreatedOrder> => {
      // The key is judged first: of two requests at once the second is a repetition, whatever photo says by now.
      const [, twin, openCount] = await together(
        lockBuyer(tx, buyerId),
        findOrderByKey(tx, buyerId, idempotencyKey),
        countPendingOrders(tx, buyerId),
      );
      if (twin !== undefined) return repeatOrder(twin, requestHash);
      if (quote.refusals.length > 0) refuseObstacles(await findObstacles(tx, buyerId, photoIds), quote.refusals);
      refuseOtherPrices(request, quote.lines);
      if (openCount >= ordersOpenMax) refuse('ORDERS_OPEN_TOO_MANY');
      return openOrder(ctx, tx, request, requestHash, { orderId, quote });
    }),
  );
  noteThing('order', created.orderId);
  if (created.isNew) ordersBy.add({ state: 'pending' });
  if (created.isNew && totalIdr === 0n) ordersBy.add({ state: 'paid' });
  return created;
}

/** Makes an order while photo deletes none of its photos; those that it deleted since the quote are not there. */
async function whileHeld(
  ctx: TransactionContext,
  order: { orderId: string; buyerId: string },
  quoted: Quote,
  make: (quote: Quote) => Promise<CreatedOrder>,
): Promise<CreatedOrder> {
  if (quoted.refusals.length > 0) return make(quoted);
  const photoIds = quoted.lines.map(({ photoId }) => photoId);
  const missing = await holdPhotos(ctx, order.orderId, photoIds);
  const refusals = missing.map((photoId): PhotoRefusal => ({ photoId, reason: 'PHOTO_NOT_FOUND' }));
  try {
    const created = await make({ ...quoted, refusals });
    if (!created.isNew) await letPhotosGo(ctx, order);
    return created;
  } catch (error) {
    // After any other error the order may have been made.
    if (refusalOf(error) !== undefined) await letPhotosGo(ctx, order);
    throw error;
  }
}

function repeatOrder(known: { order: Order; requestHash: string }, requestHash: string): CreatedOrder {
  if (known.requestHash !== requestHash) refuse('IDEMPOTENCY_KEY_REUSED');
  return { isNew: false, orderId: known.order.orderId };
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
  { orderId, quote }: { orderId: string; quote: Quote },
): Promise<CreatedOrder> {
  const { buyerId, idempotencyKey, totalIdr } = request;
  const { COMMISSION_PERCENT, ORDER_LIFETIME_SECONDS } = ctx.config;
  const createdAt = ctx.clock.now();
  const expiresAt = addSeconds(createdAt, ORDER_LIFETIME_SECONDS);
  const order: Order = { state: 'pending', orderId, buyerId, totalIdr, createdAt, expiresAt };
  const items = quote.lines.map((line) => ({
    ...line,
    commissionIdr: commissionOf(line.priceIdr, COMMISSION_PERCENT),
  }));
  const nextCheckAt = addSeconds(createdAt, checkIntervalSeconds);
  const [, , obstacles] = await together(
    insertOrder(tx, order, { photoCount: items.length, idempotencyKey, requestHash, nextCheckAt }),
    insertOrderItems(tx, orderId, items),
    reservePhotos(tx, order, items),
    ...(totalIdr === 0n ? [] : awaitPayment(ctx, tx, order, items)),
  );
  refuseObstacles(obstacles);
  if (totalIdr > 0n && items.some(({ sale }) => sale === 'exclusive')) {
    // Judged under the reservations: an order of this buyer that held the same photo has ended by now, and is counted.
    refuseObstacles(await findWaits(ctx, tx, buyerId, items));
    await refuseTooManyHolds(ctx, tx, buyerId);
  }
  if (totalIdr === 0n) await settleOrder(ctx, tx, order);
  return { isNew: true, orderId, order, items };
}

/** What follows from an order that is to be paid. */
function awaitPayment(
  ctx: TransactionContext,
  tx: Transaction<TransactionSchema>,
  { orderId, buyerId, expiresAt }: Order,
  items: readonly OrderItem[],
): Promise<unknown>[] {
  return [
    insertPayment(tx, orderId, ctx.config.PAYMENT_PROVIDER),
    ctx.jobs.send(tx, expireOrderJob, { orderId }, { startAfter: expiresAt }),
    ctx.outbox.publish(tx, PhotosReservedSchema, orderId, {
      orderId,
      buyerId,
      photos: items.map(({ photoId, sale, creatorId }) => ({ photoId, sale, creatorId })),
      expiresAt: timestampFromDate(expiresAt),
    }),
  ];
}
