import { createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { secretsEqual } from '@kilas/platform/process/ids.ts';

export const timestampHeader = 'x-sandbox-timestamp';
export const signatureHeader = 'x-sandbox-signature';

/** How far the signed time may be from ours, either way. */
const toleranceSeconds = 300;

/** HMAC-SHA256 in hex over "<timestamp>.<raw body>"; the timestamp is in Unix seconds. */
export function signNotice(key: string, timestamp: string, rawBody: string | Buffer): string {
  return createHmac('sha256', key).update(`${timestamp}.`).update(rawBody).digest('hex');
}

/** What opens the payment page of an order; the same however often it is asked for. No notice is signed over such a text. */
export function pageTokenOf(key: string, orderId: string): string {
  return createHmac('sha256', key).update(`page of ${orderId}`).digest('base64url');
}

/** Whether these headers were made for this body with the key, not long ago. */
export function isSigned(key: string, headers: IncomingHttpHeaders, rawBody: Buffer, now: Date): boolean {
  const timestamp = headers[timestampHeader];
  const signature = headers[signatureHeader];
  if (typeof timestamp !== 'string' || typeof signature !== 'string' || !/^\d{1,12}$/.test(timestamp)) return false;
  if (!secretsEqual(signature, signNotice(key, timestamp, rawBody))) return false;
  return Math.abs(now.getTime() / 1000 - Number(timestamp)) <= toleranceSeconds;
}
