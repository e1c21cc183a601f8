import { refuse } from '@kilas/messages/refuse.ts';
import { transact } from '@kilas/platform/db/transact.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import { noteThing } from '@kilas/platform/telemetry/spans.ts';
import type { Transaction } from 'kysely';
import type { TransactionContext } from '../context.ts';
import type { TransactionSchema } from '../db/schema.ts';
import { platformCash, refundsPayableAccount } from '../ledger/account.ts';
import { postEntries } from '../ledger/post-entries.ts';
import { ordersBy, payments } from '../metrics.ts';
import type { ProviderName, ReceivedPayment } from '../payments/payment-provider.ts';
import {
  findPayment,
  findReceivedPayment,
  insertReceivedPayment,
  insertRefund,
  type RefundReason,
} from '../payments/payment-store.ts';
import { deleteReservations } from '../reservations/reservation-store.ts';
import { reservePhotos } from '../reservations/reserve-photos.ts';
import { holdPhotos } from './hold-photos.ts';
import { lateDeadlineOf, type Order } from './order.ts';
import { listOrderItems, lockOrder } from './order-store.ts';
import { settleOrder } from './settle-order.ts';

/**
 * `settled`: it bought the photos. `refund_due`: the books have it, and it goes back. `repeated`: it was taken before.
 * `mismatch`: it is not what the open order costs, nothing was written.
 */
export type PaymentOutcome = 'settled' | 'refund_due' | 'repeated' | 'mismatch';

type Tx = Transaction<TransactionSchema>;

/** Photos of an order that has ended: whether photo holds them has to be asked before they are reserved once more. */
interface Unheld {
  readonly photoIds: readonly string[];
}

/** Takes money that a provider has for an order, once however often it is told: it buys the photos, or it is owed back. */
export async function receivePayment(
  ctx: TransactionContext,
  provider: ProviderName,
  orderId: string,
  payment: ReceivedPayment,
): Promise<PaymentOutcome> {
  noteThing('order', orderId);
  try {
    const outcome = await takePayment(ctx, provider, orderId, payment);
    payments.add({ outcome });
    if (outcome === 'settled') ordersBy.add({ state: 'paid' });
    return outcome;
  } catch (error) {
    payments.add({ outcome: 'error' });
    throw error;
  }
}

async function takePayment(
  ctx: TransactionContext,
  provider: ProviderName,
  orderId: string,
  payment: ReceivedPayment,
): Promise<PaymentOutcome> {
  const take = (areThere?: boolean) =>
    transact(ctx.db, (tx) => takeIn(ctx, tx, { provider, orderId, payment, areThere }));
  const taken = await take();
  if (typeof taken === 'string') return taken;
  const missing = await holdPhotos(ctx, orderId, taken.photoIds);
  const takenLate = await take(missing.length === 0);
  if (typeof takenLate !== 'string') throw new Error(`the order ${orderId} was asked for twice`);
  return takenLate;
}

async function takeIn(
  ctx: TransactionContext,
  tx: Tx,
  told: { provider: ProviderName; orderId: string; payment: ReceivedPayment; areThere: boolean | undefined },
): Promise<PaymentOutcome | Unheld> {
  const { provider, orderId, payment, areThere } = told;
  const order = await lockOrder(tx, orderId);
  const expected = order === undefined ? undefined : await findPayment(tx, orderId);
  if (order === undefined || expected?.provider !== provider) refuse('ORDER_NOT_FOUND');
  if (payment.currency !== 'IDR') return 'mismatch';
  const known = await findReceivedPayment(tx, provider, payment.providerRef);
  if (known !== undefined) {
    return known.orderId === orderId && known.amountIdr === payment.amount ? 'repeated' : 'mismatch';
  }
  if (order.state === 'pending' && payment.amount !== order.totalIdr) return 'mismatch';
  const receivedPaymentId = newId();
  const receivedAt = ctx.clock.now();
  const objection = await findObjection(ctx, tx, order, { payment, areThere });
  if (typeof objection === 'object') return objection;
  const outcome = objection === undefined ? 'settled' : 'refund_due';
  await insertReceivedPayment(tx, { receivedPaymentId, orderId, provider, payment, receivedAt, outcome });
  if (objection === undefined) await settleOrder(ctx, tx, order);
  else await oweRefund(tx, order, receivedPaymentId, payment.amount, objection, receivedAt);
  return outcome;
}

/**
 * Why money does not buy what the order holds; undefined when it does, and then the photos are reserved for the order. The photos of an order that
 * has ended may be deleted by now: nothing is said before it is known whether photo has them.
 */
async function findObjection(
  ctx: TransactionContext,
  tx: Tx,
  order: Order,
  { payment, areThere }: { payment: ReceivedPayment; areThere: boolean | undefined },
): Promise<RefundReason | Unheld | undefined> {
  if (order.state === 'pending') return undefined;
  if (order.state === 'paid') return 'paid_before';
  if (payment.amount !== order.totalIdr) return 'wrong_amount';
  if (payment.paidAt > lateDeadlineOf(order, ctx.config.LATE_GRACE_SECONDS)) return 'too_late';
  const items = await listOrderItems(tx, order.orderId);
  if (areThere === undefined) return { photoIds: items.map(({ photoId }) => photoId) };
  const obstacles = areThere ? await reservePhotos(tx, order, items) : [];
  if (areThere && obstacles.length === 0) return undefined;
  await deleteReservations(tx, order.orderId);
  return 'photo_taken';
}

async function oweRefund(
  tx: Tx,
  order: Order,
  receivedPaymentId: string,
  amountIdr: bigint,
  reason: RefundReason,
  createdAt: Date,
): Promise<void> {
  const { orderId, buyerId } = order;
  await insertRefund(tx, { receivedPaymentId, orderId, buyerId, amountIdr, reason, createdAt });
  const postings = [
    { account: platformCash, amountIdr },
    { account: refundsPayableAccount(buyerId), amountIdr: -amountIdr },
  ];
  await postEntries(tx, createdAt, [{ kind: 'refund_due', sourceId: receivedPaymentId, postings }]);
}
