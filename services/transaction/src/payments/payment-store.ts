import type { Db } from '@kilas/platform/db/database.ts';
import { quick } from '@kilas/platform/db/not-on-disk.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import { sql } from 'kysely';
import type { TransactionSchema } from '../db/schema.ts';
import type { ProviderName, ReceivedPayment, StartedPayment } from './payment-provider.ts';

type PaymentsDb = Db<TransactionSchema>;

export type RefundReason = TransactionSchema['refunds']['reason'];

/** How an order is to be paid. */
export interface Payment {
  readonly provider: string;
  /** Null until the provider has made its page. */
  readonly paymentUrl: string | null;
}

/** Money that is owed to a buyer because it bought nothing. */
export interface Refund {
  readonly amountIdr: bigint;
  readonly reason: RefundReason;
  readonly status: 'due';
}

export async function insertPayment(db: PaymentsDb, orderId: string, provider: ProviderName): Promise<void> {
  await db
    .insertInto('payments')
    .values({ order_id: orderId, provider, provider_ref: null, payment_url: null, started_at: null })
    .execute();
}

export async function findPayment(db: PaymentsDb, orderId: string): Promise<Payment | undefined> {
  return db
    .selectFrom('payments')
    .select(['provider', 'payment_url as paymentUrl'])
    .where('order_id', '=', orderId)
    .executeTakeFirst();
}

/**
 * False when the order is no longer pending; it is locked meanwhile, so that whoever closes it sees the page or comes first. The first start
 * stays. Not on the disk when it is said to be committed: what a crash of the server forgets the provider answers again.
 */
export async function markPaymentStarted(
  db: PaymentsDb,
  orderId: string,
  { providerRef, paymentUrl }: StartedPayment,
  startedAt: Date,
): Promise<boolean> {
  const { rows } = await sql<{ isPending: boolean }>`
    with ${quick},
    pending as (select order_id from orders, quick where order_id = ${orderId} and state = 'pending' for update of orders),
    marked as (update payments set provider_ref = ${providerRef}, payment_url = ${paymentUrl}, started_at = ${startedAt}
      from pending where payments.order_id = pending.order_id and started_at is null)
    select exists (select from pending) as "isPending"`.execute(db);
  return rows[0]?.isPending === true;
}

export async function findReceivedPayment(
  db: PaymentsDb,
  provider: string,
  providerRef: string,
): Promise<{ orderId: string; amountIdr: bigint } | undefined> {
  return db
    .selectFrom('received_payments')
    .select(['order_id as orderId', 'amount_idr as amountIdr'])
    .where('provider', '=', provider)
    .where('provider_ref', '=', providerRef)
    .executeTakeFirst();
}

export async function insertReceivedPayment(
  db: PaymentsDb,
  received: {
    receivedPaymentId: string;
    orderId: string;
    provider: string;
    payment: ReceivedPayment;
    receivedAt: Date;
    outcome: 'settled' | 'refund_due';
  },
): Promise<void> {
  await db
    .insertInto('received_payments')
    .values({
      received_payment_id: received.receivedPaymentId,
      order_id: received.orderId,
      provider: received.provider,
      provider_ref: received.payment.providerRef,
      amount_idr: received.payment.amount,
      paid_at: received.payment.paidAt,
      received_at: received.receivedAt,
      outcome: received.outcome,
    })
    .execute();
}

export async function insertRefund(
  db: PaymentsDb,
  refund: {
    receivedPaymentId: string;
    orderId: string;
    buyerId: string;
    amountIdr: bigint;
    reason: RefundReason;
    createdAt: Date;
  },
): Promise<void> {
  await db
    .insertInto('refunds')
    .values({
      refund_id: newId(),
      received_payment_id: refund.receivedPaymentId,
      order_id: refund.orderId,
      buyer_id: refund.buyerId,
      amount_idr: refund.amountIdr,
      reason: refund.reason,
      created_at: refund.createdAt,
    })
    .execute();
}

/** Most refunds shown with one order. */
const refundsShownMax = 20;

export async function listRefundsByOrder(db: PaymentsDb, orderId: string): Promise<Refund[]> {
  return db
    .selectFrom('refunds')
    .select(['amount_idr as amountIdr', 'reason', 'state as status'])
    .where('order_id', '=', orderId)
    .orderBy('refund_id')
    .limit(refundsShownMax)
    .execute();
}
