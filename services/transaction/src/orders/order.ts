import { hashOf } from '@kilas/platform/process/ids.ts';
import type { Sale } from '../licences/licence.ts';

/** `pending` ends once; only money that comes in time after the end still makes an expired or cancelled order `paid`. */
export type Order = {
  readonly orderId: string;
  readonly buyerId: string;
  readonly totalIdr: bigint;
  readonly createdAt: Date;
  readonly expiresAt: Date;
} & (
  | { readonly state: 'pending' }
  | { readonly state: 'paid'; readonly closedAt: Date }
  | { readonly state: 'expired'; readonly closedAt: Date }
  | { readonly state: 'cancelled'; readonly closedAt: Date }
);

export interface OrderItem {
  readonly photoId: string;
  readonly creatorId: string;
  readonly title: string;
  readonly sale: Sale;
  readonly priceIdr: bigint;
  /** The platform's part of the price; the creator gets the rest. */
  readonly commissionIdr: bigint;
}

/** A photo at the price that the buyer saw. */
export interface PricedPhoto {
  readonly photoId: string;
  readonly priceIdr: bigint;
}

/** Orders that one buyer can have open at once. */
export const ordersOpenMax = 10;

/** How often the provider is asked about a pending order. */
export const checkIntervalSeconds = 60;

/** The platform's part of a price, rounded down to whole rupiah. */
export function commissionOf(priceIdr: bigint, percent: number): bigint {
  return (priceIdr * BigInt(percent)) / 100n;
}

export function totalOf(lines: readonly { priceIdr: bigint }[]): bigint {
  return lines.reduce((total, { priceIdr }) => total + priceIdr, 0n);
}

/** The same for the same order whatever the sequence of its lines. */
export function hashOfRequest(lines: readonly PricedPhoto[], totalIdr: bigint, share: string | undefined): string {
  const sorted = lines.map(({ photoId, priceIdr }) => `${photoId}=${priceIdr}`).sort();
  return hashOf(JSON.stringify([sorted, String(totalIdr), share ?? null]));
}

/** Until when money that is on its way still pays a closed order. */
export function lateDeadlineOf(order: Order & { state: 'expired' | 'cancelled' }, graceSeconds: number): Date {
  const end = order.state === 'expired' ? order.expiresAt : order.closedAt;
  return new Date(end.getTime() + graceSeconds * 1000);
}
