import { addSeconds } from '@kilas/platform/process/clock.ts';
import type { TransactionContext } from '../context.ts';
import { providerNamed } from '../payments/find-provider.ts';
import { findPayment } from '../payments/payment-store.ts';
import { holdsCountForSeconds } from '../reservations/unpaid-hold.ts';
import { deleteOldUnpaidHolds } from '../reservations/unpaid-hold-store.ts';
import { closeUnpaidOrder } from './close-unpaid-order.ts';
import { checkIntervalSeconds } from './order.ts';
import { claimOrdersToCheck } from './order-store.ts';
import { receivePayment } from './receive-payment.ts';

/** Orders asked about at once. */
const batchSize = 20;

/**
 * Asks the provider about every order that stays open and ends those that are due, so that nothing hangs on a notification or
 * a job that was lost. Each order is taken by one run; when one fails it is taken again a minute later.
 */
export async function reconcileOrders(ctx: TransactionContext, signal: AbortSignal): Promise<void> {
  await deleteOldUnpaidHolds(ctx.db, addSeconds(ctx.clock.now(), -holdsCountForSeconds));
  while (!signal.aborted) {
    const now = ctx.clock.now();
    const orders = await claimOrdersToCheck(ctx.db, now, addSeconds(now, checkIntervalSeconds), batchSize);
    const checks = await Promise.allSettled(
      orders.map(({ orderId, expiresAt }) =>
        expiresAt <= now ? closeUnpaidOrder(ctx, orderId, 'expired') : checkOrder(ctx, orderId),
      ),
    );
    checks.forEach((check, at) => {
      if (check.status === 'fulfilled') return;
      ctx.log.warn({ err: check.reason, orderId: orders[at]?.orderId }, 'the order could not be reconciled');
    });
    if (orders.length < batchSize) return;
  }
}

async function checkOrder(ctx: TransactionContext, orderId: string): Promise<void> {
  const payment = await findPayment(ctx.db, orderId);
  if (payment === undefined) throw new Error(`the order ${orderId} is pending but has no payment`);
  const provider = providerNamed(ctx, payment.provider);
  const status = await provider.status(orderId);
  if (status.state === 'paid') await receivePayment(ctx, provider.name, orderId, status.payment);
  // Nobody can pay it any more: we died between telling the provider and closing the order.
  if (status.state === 'ended') await closeUnpaidOrder(ctx, orderId, 'cancelled');
}
