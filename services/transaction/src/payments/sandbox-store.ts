import type { Db } from '@kilas/platform/db/database.ts';
import { quick } from '@kilas/platform/db/not-on-disk.ts';
import { type Selectable, sql } from 'kysely';
import type { TransactionSchema } from '../db/schema.ts';

type SandboxDb = Db<TransactionSchema>;

export type SandboxPayment = {
  readonly paymentId: string;
  readonly orderId: string;
  readonly token: string;
  readonly amountIdr: bigint;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly declinedAt: Date | undefined;
} & ({ readonly state: 'open' | 'cancelled' } | { readonly state: 'paid'; readonly paidAt: Date });

function toPayment(row: Selectable<TransactionSchema['sandbox_payments']>): SandboxPayment {
  const base = {
    paymentId: row.payment_id,
    orderId: row.order_id,
    token: row.token,
    amountIdr: row.amount_idr,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    declinedAt: row.declined_at ?? undefined,
  };
  if (row.state !== 'paid') return { ...base, state: row.state };
  if (row.paid_at === null) throw new Error(`the sandbox payment ${row.payment_id} is paid without a time`);
  return { ...base, state: 'paid', paidAt: row.paid_at };
}

/**
 * The first payment of an order stays, and is answered. Not on the disk when it is said to be committed: what a crash of the server forgets
 * is made again, as the same page, when the order is looked at.
 */
export async function upsertSandboxPayment(
  db: SandboxDb,
  payment: { paymentId: string; orderId: string; token: string; amountIdr: bigint; createdAt: Date; expiresAt: Date },
): Promise<SandboxPayment> {
  const { paymentId, orderId, token, amountIdr, createdAt, expiresAt } = payment;
  // The change changes nothing; without it nothing would be answered.
  const { rows } = await sql<Selectable<TransactionSchema['sandbox_payments']>>`with ${quick}
    insert into sandbox_payments (payment_id, order_id, token, amount_idr, created_at, expires_at)
    select ${paymentId}::uuid, ${orderId}::uuid, ${token}, ${String(amountIdr)}::bigint, ${createdAt}::timestamptz,
      ${expiresAt}::timestamptz from quick
    on conflict on constraint sandbox_payments_order do update set order_id = excluded.order_id returning *`.execute(
    db,
  );
  const [row] = rows;
  if (row === undefined) throw new Error(`the sandbox lost the payment of the order ${orderId}`);
  return toPayment(row);
}

export async function findSandboxPaymentByOrder(db: SandboxDb, orderId: string): Promise<SandboxPayment | undefined> {
  const row = await db.selectFrom('sandbox_payments').selectAll().where('order_id', '=', orderId).executeTakeFirst();
  return row === undefined ? undefined : toPayment(row);
}

export async function findSandboxPaymentByToken(db: SandboxDb, token: string): Promise<SandboxPayment | undefined> {
  const row = await db.selectFrom('sandbox_payments').selectAll().where('token', '=', token).executeTakeFirst();
  return row === undefined ? undefined : toPayment(row);
}

export async function listLatestSandboxPayments(db: SandboxDb, limit: number): Promise<SandboxPayment[]> {
  const rows = await db.selectFrom('sandbox_payments').selectAll().orderBy('payment_id', 'desc').limit(limit).execute();
  return rows.map(toPayment);
}

/** Undefined when it can no longer be paid. */
export async function markSandboxPaid(db: SandboxDb, token: string, paidAt: Date): Promise<SandboxPayment | undefined> {
  const row = await db
    .updateTable('sandbox_payments')
    .set({ state: 'paid', paid_at: paidAt })
    .where('token', '=', token)
    .where('state', '=', 'open')
    .where('expires_at', '>', paidAt)
    .returningAll()
    .executeTakeFirst();
  return row === undefined ? undefined : toPayment(row);
}

/** The payment stays open; undefined when it is not. */
export async function markSandboxDeclined(
  db: SandboxDb,
  token: string,
  declinedAt: Date,
): Promise<SandboxPayment | undefined> {
  const row = await db
    .updateTable('sandbox_payments')
    .set({ declined_at: declinedAt })
    .where('token', '=', token)
    .where('state', '=', 'open')
    .where('expires_at', '>', declinedAt)
    .returningAll()
    .executeTakeFirst();
  return row === undefined ? undefined : toPayment(row);
}

export async function markSandboxCancelled(db: SandboxDb, orderId: string): Promise<void> {
  await db
    .updateTable('sandbox_payments')
    .set({ state: 'cancelled' })
    .where('order_id', '=', orderId)
    .where('state', '=', 'open')
    .execute();
}
