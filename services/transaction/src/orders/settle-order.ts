import { PhotosSoldSchema } from '@kilas/contracts/gen/kilas/transaction/v1/events_pb.js';
import type { Transaction } from 'kysely';
import type { TransactionContext } from '../context.ts';
import type { TransactionSchema } from '../db/schema.ts';
import { creatorAccount, platformCash, platformCommission } from '../ledger/account.ts';
import type { NewEntry, Posting } from '../ledger/entry.ts';
import { postEntries } from '../ledger/post-entries.ts';
import { insertLicences } from '../licences/licence-store.ts';
import { deleteReservations } from '../reservations/reservation-store.ts';
import { deleteUnpaidHolds } from '../reservations/unpaid-hold-store.ts';
import type { Order, OrderItem } from './order.ts';
import { listOrderItems, markOrderClosed } from './order-store.ts';

/**
 * Makes an order paid: state, licences, event and postings in the caller's transaction, or nothing. The caller holds the
 * order's row and its reservations.
 */
export async function settleOrder(
  ctx: TransactionContext,
  tx: Transaction<TransactionSchema>,
  order: Order,
): Promise<void> {
  const at = ctx.clock.now();
  const { orderId, buyerId } = order;
  const items = await listOrderItems(tx, orderId);
  await markOrderClosed(tx, orderId, order.state, 'paid', at);
  await insertLicences(tx, order, items, at);
  await deleteReservations(tx, orderId);
  if (order.state !== 'pending') await deleteUnpaidHolds(tx, orderId);
  const photos = items.map(({ photoId, sale, creatorId }) => ({ photoId, sale, creatorId }));
  await ctx.outbox.publish(tx, PhotosSoldSchema, orderId, { orderId, buyerId, photos });
  if (order.totalIdr > 0n) await postEntries(tx, at, [saleEntry(order, items)]);
}

/** What came in, what each creator is owed per photo, and what the platform keeps. */
function saleEntry(order: Order, items: readonly OrderItem[]): NewEntry {
  const shares = items.map(
    ({ photoId, creatorId, priceIdr, commissionIdr }): Posting => ({
      account: creatorAccount(creatorId),
      amountIdr: commissionIdr - priceIdr,
      photoId,
    }),
  );
  const commissionIdr = items.reduce((sum, item) => sum + item.commissionIdr, 0n);
  const postings: Posting[] = [
    { account: platformCash, amountIdr: order.totalIdr },
    ...shares,
    { account: platformCommission, amountIdr: -commissionIdr },
  ];
  return { kind: 'sale', sourceId: order.orderId, postings: postings.filter(({ amountIdr }) => amountIdr !== 0n) };
}
