import type { IncomingHttpHeaders } from 'node:http';

export type ProviderName = 'sandbox';

export interface PaymentRequest {
  readonly orderId: string;
  readonly amountIdr: bigint;
  /** The provider takes no payment after this. */
  readonly expiresAt: Date;
}

export interface StartedPayment {
  /** The provider's name for it. */
  readonly providerRef: string;
  /** Where the buyer pays. */
  readonly paymentUrl: string;
}

/** Money that a provider has taken for an order. */
export interface ReceivedPayment {
  readonly providerRef: string;
  readonly amount: bigint;
  /** ISO 4217. */
  readonly currency: string;
  readonly paidAt: Date;
}

/** What became of an order's payment; `none` when the provider knows of none. */
export type PaymentStatus =
  | { readonly state: 'none' | 'open' | 'ended' }
  | { readonly state: 'paid'; readonly payment: ReceivedPayment };

/** What a provider tells by itself. `other` changes nothing: a declined card may be followed by one that is good. */
export type PaymentNotice =
  | { readonly kind: 'paid'; readonly orderId: string; readonly payment: ReceivedPayment }
  | { readonly kind: 'other'; readonly orderId: string };

/** A company that takes payments. Every call may be repeated; while the company is away each throws, and nothing is decided. */
export interface PaymentProvider {
  readonly name: ProviderName;
  /** The same order has one payment however often it is started. */
  start(request: PaymentRequest): Promise<StartedPayment>;
  status(orderId: string): Promise<PaymentStatus>;
  /** After this nobody can pay any more; answers `paid` when somebody had. */
  cancel(orderId: string): Promise<PaymentStatus>;
  /** Refuses with WEBHOOK_SIGNATURE_INVALID what the company did not send just now, with REQUEST_INVALID what it never says. */
  readNotice(headers: IncomingHttpHeaders, rawBody: Buffer): PaymentNotice;
}
