import { transact } from '@kilas/platform/transact.ts';
import type { TransactionContext } from '../context.ts';
import type { Order } from '../orders/order.ts';
import { lockOrder } from '../orders/order-store.ts';
import { providerNamed } from './find-provider.ts';
import { findPayment, markPaymentStarted } from './payment-store.ts';

/**
 * The page where a pending order is paid, made by the provider when it does not exist yet; the same page however often this
 * runs. Undefined when there is nothing to pay or the provider is away: the buyer asks again.
 */
export async function startPayment(ctx: TransactionContext, order: Order): Promise<string | undefined> {
  if (order.state !== 'pending' || ctx.clock.now() >= order.expiresAt) return undefined;
  const payment = await findPayment(ctx.db, order.orderId);
  if (payment === undefined) throw new Error(`the order ${order.orderId} is pending but has no payment`);
  if (payment.paymentUrl !== undefined) return payment.paymentUrl;
  const provider = providerNamed(ctx, payment.provider);
  const { orderId, totalIdr, expiresAt } = order;
  try {
    const started = await provider.start({ orderId, amountIdr: totalIdr, expiresAt });
    const isPending = await transact(ctx.db, async (tx) => {
      const current = await lockOrder(tx, orderId);
      if (current?.state !== 'pending') return false;
      await markPaymentStarted(tx, orderId, started, ctx.clock.now());
      return true;
    });
    if (isPending) return started.paymentUrl;
    // The order was closed while the page was being made; whoever closed it could not take the page away yet.
    await provider.cancel(orderId);
    return undefined;
  } catch (error) {
    ctx.log.warn({ err: error, orderId }, 'the payment could not be started');
    return undefined;
  }
}
