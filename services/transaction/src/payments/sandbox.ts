import { refuse } from '@kilas/messages/refuse.ts';
import { transact } from '@kilas/platform/db/transact.ts';
import type { JobRun, Jobs } from '@kilas/platform/jobs/jobs.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import type { BaseContext } from '@kilas/platform/service/base-context.ts';
import type { TransactionConfig } from '../config.ts';
import type { TransactionSchema } from '../db/schema.ts';
import type { PaymentProvider, PaymentStatus } from './payment-provider.ts';
import { deliverSandboxNotice, type SandboxNotice, sandboxNotice } from './sandbox-notice.ts';
import { isSigned, pageTokenOf, signatureHeader, signNotice, timestampHeader } from './sandbox-signature.ts';
import {
  findSandboxPaymentByOrder,
  markSandboxCancelled,
  markSandboxDeclined,
  markSandboxPaid,
  type SandboxPayment,
  upsertSandboxPayment,
} from './sandbox-store.ts';

/** What the company runs on: its own tables and jobs. It knows nothing of orders but their ids and amounts. */
export interface SandboxContext extends Pick<BaseContext<TransactionSchema>, 'clock' | 'db'> {
  readonly config: TransactionConfig;
  readonly jobs: Jobs;
}

const deliveryTimeoutMs = 10_000;

/**
 * A payment company for development and demonstrations: a page where anyone may pay without money, notifications that are
 * signed and sent over HTTP until they are taken.
 */
export function openSandbox(ctx: SandboxContext): PaymentProvider {
  const statusOf = async (orderId: string): Promise<PaymentStatus> => {
    const payment = await findSandboxPaymentByOrder(ctx.db, orderId);
    return payment === undefined ? { state: 'none' } : toStatus(payment, ctx.clock.now());
  };
  return {
    name: 'sandbox',
    async start({ orderId, amountIdr, expiresAt }) {
      const createdAt = ctx.clock.now();
      const fresh = {
        paymentId: newId(),
        orderId,
        token: pageTokenOf(ctx.config.SANDBOX_WEBHOOK_KEY, orderId),
        amountIdr,
        createdAt,
        expiresAt,
      };
      const payment = await upsertSandboxPayment(ctx.db, fresh);
      return {
        providerRef: payment.paymentId,
        paymentUrl: `${ctx.config.PUBLIC_URL}/sandbox/payments/${payment.token}`,
      };
    },
    status: statusOf,
    async cancel(orderId) {
      await markSandboxCancelled(ctx.db, orderId);
      return statusOf(orderId);
    },
    readNotice(headers, rawBody) {
      if (!isSigned(ctx.config.SANDBOX_WEBHOOK_KEY, headers, rawBody, ctx.clock.now()))
        refuse('WEBHOOK_SIGNATURE_INVALID');
      const { type, orderId, paymentId, amount, currency, occurredAt } = parseNotice(rawBody);
      if (type !== 'payment.paid') return { kind: 'other', orderId };
      const payment = { providerRef: paymentId, amount: BigInt(amount), currency, paidAt: new Date(occurredAt) };
      return { kind: 'paid', orderId, payment };
    },
  };
}

function parseNotice(rawBody: Buffer): SandboxNotice {
  try {
    return sandboxNotice.parse(JSON.parse(rawBody.toString()));
  } catch {
    return refuse('REQUEST_INVALID');
  }
}

function toStatus(payment: SandboxPayment, now: Date): PaymentStatus {
  if (payment.state === 'paid') {
    const { paymentId, amountIdr, paidAt } = payment;
    return { state: 'paid', payment: { providerRef: paymentId, amount: amountIdr, currency: 'IDR', paidAt } };
  }
  return { state: payment.state === 'open' && now < payment.expiresAt ? 'open' : 'ended' };
}

/** The buyer presses a button of the payment page. False when the payment is over; then nothing happens. */
export async function pressSandboxButton(
  ctx: SandboxContext,
  token: string,
  action: 'pay' | 'decline',
): Promise<boolean> {
  const now = ctx.clock.now();
  return transact(ctx.db, async (tx) => {
    const mark = action === 'pay' ? markSandboxPaid : markSandboxDeclined;
    const payment = await mark(tx, token, now);
    if (payment === undefined) return false;
    await ctx.jobs.send(tx, deliverSandboxNotice, {
      noticeId: newId(),
      type: action === 'pay' ? 'payment.paid' : 'payment.declined',
      paymentId: payment.paymentId,
      orderId: payment.orderId,
      amount: Number(payment.amountIdr),
      currency: 'IDR',
      occurredAt: now.toISOString(),
    });
    return true;
  });
}

/** Sends a notification to the shop, signed anew at each try; it is delivered when the shop answers 2xx. */
export async function sendSandboxNotice(ctx: SandboxContext, run: JobRun<SandboxNotice>): Promise<void> {
  const body = JSON.stringify(run.data);
  const timestamp = String(Math.floor(ctx.clock.now().getTime() / 1000));
  const response = await fetch(ctx.config.SANDBOX_WEBHOOK_URL, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      [timestampHeader]: timestamp,
      [signatureHeader]: signNotice(ctx.config.SANDBOX_WEBHOOK_KEY, timestamp, body),
    },
    body,
    redirect: 'error',
    signal: AbortSignal.any([run.signal, AbortSignal.timeout(deliveryTimeoutMs)]),
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`the shop answered ${response.status} to the notice ${run.data.noticeId}`);
}
