import { refuse } from '@kilas/messages/refuse.ts';
import type { TransactionContext } from '../context.ts';
import { closeUnpaidOrder } from './close-unpaid-order.ts';
import { findOrder } from './order-store.ts';

/** The buyer gives up a pending order; its photos are free at once. Cancelling twice is no error. */
export async function cancelOrder(ctx: TransactionContext, input: { buyerId: string; orderId: string }): Promise<void> {
  const { buyerId, orderId } = input;
  const order = await findOrder(ctx.db, orderId);
  if (order?.buyerId !== buyerId) refuse('ORDER_NOT_FOUND');
  if (order.state === 'pending') await closeUnpaidOrder(ctx, orderId, 'cancelled');
  const after = await findOrder(ctx.db, orderId);
  if (after?.state !== 'cancelled') refuse('ORDER_NOT_PENDING');
}
