import { newId } from '@kilas/platform/process/ids.ts';
import type { TestSystem } from '@kilas/testkit/start-system.ts';
import { signatureHeader, signNotice, timestampHeader } from '../payments/sandbox-signature.ts';
import type { OrderJson } from './client.ts';
import { webhookKey } from './start-shop.ts';

/** What the sandbox would say of a paid order. */
export function paidNotice(order: Pick<OrderJson, 'orderId' | 'totalIdr'>, occurredAt: Date, changes: object = {}) {
  return {
    noticeId: newId(),
    type: 'payment.paid',
    paymentId: newId(),
    orderId: order.orderId,
    amount: order.totalIdr,
    currency: 'IDR',
    occurredAt: occurredAt.toISOString(),
    ...changes,
  };
}

/** Sends a notification as the payment company does: signed over the raw body at the time given. */
export function sendNotice(
  system: Pick<TestSystem, 'app'>,
  notice: object,
  signed: { at: Date; key?: string; bodySigned?: string; timeSigned?: string },
) {
  const body = JSON.stringify(notice);
  const timestamp = String(Math.floor(signed.at.getTime() / 1000));
  return system.app.inject({
    method: 'POST',
    url: '/v1/payments/sandbox/webhook',
    headers: {
      'content-type': 'application/json',
      [timestampHeader]: timestamp,
      [signatureHeader]: signNotice(
        signed.key ?? webhookKey,
        signed.timeSigned ?? timestamp,
        signed.bodySigned ?? body,
      ),
    },
    payload: body,
  });
}
