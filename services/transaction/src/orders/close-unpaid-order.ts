import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { ReservationEndedSchema } from '@kilas/contracts/gen/kilas/transaction/v1/events_pb.js';
import { transact } from '@kilas/platform/db/transact.ts';
import type { TransactionContext } from '../context.ts';
import { ordersBy } from '../metrics.ts';
import { providerNamed } from '../payments/find-provider.ts';
import { findPayment } from '../payments/payment-store.ts';
import { listWaits } from '../reservations/find-waits.ts';
import { deleteReservations } from '../reservations/reservation-store.ts';
import { heldSecondsOf } from '../reservations/unpaid-hold.ts';
import { insertUnpaidHolds } from '../reservations/unpaid-hold-store.ts';
import { lockOrder, markOrderClosed } from './order-store.ts';
import { receivePayment } from './receive-payment.ts';

/**
 * Ends a pending order and frees its photos. The provider is told first, so that no money can follow; when money is there
 * already, the order is settled with it instead. An order that is no longer pending stays as it is.
 */
export async function closeUnpaidOrder(
  ctx: TransactionContext,
  orderId: string,
  as: 'expired' | 'cancelled',
): Promise<void> {
  // Twice at most: a payment page that was being made meanwhile is there the second time.
  while (!(await tryToClose(ctx, orderId, as))) ctx.log.info({ orderId }, 'a payment page was made meanwhile');
}

/** False when the payment was started between our asking the provider and our closing: the provider must be told again. */
async function tryToClose(ctx: TransactionContext, orderId: string, as: 'expired' | 'cancelled'): Promise<boolean> {
  const payment = await findPayment(ctx.db, orderId);
  if (payment === undefined) throw new Error(`the order ${orderId} has no payment that could be cancelled`);
  const provider = providerNamed(ctx, payment.provider);
  const status = await provider.cancel(orderId);
  if (status.state === 'paid') {
    const outcome = await receivePayment(ctx, provider.name, orderId, status.payment);
    if (outcome !== 'mismatch') return true;
  }
  const end = await transact(ctx.db, async (tx) => {
    const order = await lockOrder(tx, orderId);
    if (order?.state !== 'pending') return 'before';
    const current = await findPayment(tx, orderId);
    if (current?.paymentUrl !== payment.paymentUrl) return 'not yet';
    const endedAt = ctx.clock.now();
    await markOrderClosed(tx, orderId, 'pending', as, endedAt);
    // An order that had no payment page could not be paid.
    const isCounted = payment.paymentUrl !== null;
    const hold = { orderId, heldSeconds: heldSecondsOf(order, endedAt), endedAt };
    const held = isCounted ? await insertUnpaidHolds(tx, hold) : [];
    await deleteReservations(tx, orderId);
    const waits = (await listWaits(ctx, tx, order.buyerId, held)).map(({ photoId, until }) => ({
      photoId,
      until: timestampFromDate(until),
    }));
    await ctx.outbox.publish(tx, ReservationEndedSchema, orderId, { orderId, buyerId: order.buyerId, waits });
    return 'now';
  });
  if (end === 'now') ordersBy.add({ state: as });
  const isClosed = end !== 'not yet';
  if (isClosed && status.state === 'paid') {
    // Not what the order cost: now that the order is closed, the money is owed back.
    const outcome = await receivePayment(ctx, provider.name, orderId, status.payment);
    ctx.log.error({ orderId, outcome }, 'a payment did not match its order');
  }
  return isClosed;
}
