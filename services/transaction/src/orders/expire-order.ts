import type { TransactionContext } from '../context.ts';
import { closeUnpaidOrder } from './close-unpaid-order.ts';
import { findOrder } from './order-store.ts';

/** Ends an order that was not paid in time. Before its time nothing happens: the reconciler comes back to it. */
export async function expireOrder(ctx: TransactionContext, orderId: string): Promise<void> {
  const order = await findOrder(ctx.db, orderId);
  if (order?.state !== 'pending' || ctx.clock.now() < order.expiresAt) return;
  await closeUnpaidOrder(ctx, orderId, 'expired');
}
