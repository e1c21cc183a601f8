import type { TransactionContext } from '../context.ts';
import { providerNamed } from '../payments/find-provider.ts';
import { findPayment, markPaymentStarted } from '../payments/payment-store.ts';
import type { Order } from './order.ts';

/**
 * The page where a pending order is paid, made by the provider when it does not exist yet; the same page however often this
 * runs. Undefined when there is nothing to pay or the provider is away: the buyer asks again.
 */
export async function startPayment(ctx: TransactionContext, order: Order): Promise<string | undefined> {
  if (order.state !== 'pending' || ctx.clock.now() >= order.expiresAt) return undefined;
  const payment = await findPayment(ctx.db, order.orderId);
  if (payment === undefined) throw new Error(`the order ${order.orderId} is pending but has no payment`);
  if (payment.paymentUrl !== null) return payment.paymentUrl;
  return startAtProvider(ctx, order, payment.provider);
}

/** The same of a pending order that has no page yet, for all one knows. */
export async function startAtProvider(
  ctx: TransactionContext,
  order: Order,
  providerName: string,
): Promise<string | undefined> {
  const provider = providerNamed(ctx, providerName);
  const { orderId, totalIdr, expiresAt } = order;
  try {
    const started = await provider.start({ orderId, amountIdr: totalIdr, expiresAt });
    if (await markPaymentStarted(ctx.db, orderId, started, ctx.clock.now())) return started.paymentUrl;
    // The order was closed while the page was being made; whoever closed it could not take the page away yet.
    await provider.cancel(orderId);
    return undefined;
  } catch (error) {
    ctx.log.warn({ err: error, orderId }, 'the payment could not be started');
    return undefined;
  }
}
