import type { Generated } from 'kysely';

/** Tables whose rows are never changed nor deleted; the service has no right to. */
export const appendOnly = ['entries', 'postings', 'licences', 'order_items', 'received_payments'];

export interface TransactionSchema {
  orders: {
    order_id: string;
    buyer_id: string;
    state: Generated<'pending' | 'paid' | 'expired' | 'cancelled'>;
    total_idr: bigint;
    /** Null where the release before made the order. */
    photo_count: number | null;
    idempotency_key: string;
    request_hash: string;
    created_at: Date;
    expires_at: Date;
    closed_at: Date | null;
    next_check_at: Date;
  };
  order_items: {
    order_id: string;
    photo_id: string;
    position: number;
    creator_id: string;
    title: string;
    sale: 'shared' | 'exclusive';
    price_idr: bigint;
    commission_idr: bigint;
  };
  reservations: { order_id: string; photo_id: string; buyer_id: string; is_exclusive: boolean };
  unpaid_holds: { order_id: string; photo_id: string; buyer_id: string; held_seconds: number; ended_at: Date };
  licences: {
    licence_id: string;
    photo_id: string;
    buyer_id: string;
    creator_id: string;
    order_id: string;
    is_exclusive: boolean;
    granted_at: Date;
  };
  payments: {
    order_id: string;
    provider: string;
    provider_ref: string | null;
    payment_url: string | null;
    started_at: Date | null;
  };
  received_payments: {
    received_payment_id: string;
    order_id: string;
    provider: string;
    provider_ref: string;
    amount_idr: bigint;
    paid_at: Date;
    received_at: Date;
    outcome: 'settled' | 'refund_due';
  };
  refunds: {
    refund_id: string;
    received_payment_id: string;
    order_id: string;
    buyer_id: string;
    amount_idr: bigint;
    reason: 'paid_before' | 'too_late' | 'photo_taken' | 'wrong_amount';
    state: Generated<'due'>;
    created_at: Date;
  };
  entries: {
    entry_id: string;
    sequence: bigint;
    kind: 'sale' | 'refund_due';
    source_id: string;
    posted_at: Date;
    posting_count: number;
    previous_hash: string;
    hash: string;
  };
  postings: {
    entry_id: string;
    position: number;
    account: string;
    amount_idr: bigint;
    photo_id: string | null;
  };
  ledger_head: { is_head: Generated<boolean>; sequence: bigint; hash: string };
  sandbox_payments: {
    payment_id: string;
    order_id: string;
    token: string;
    amount_idr: bigint;
    state: Generated<'open' | 'paid' | 'cancelled'>;
    created_at: Date;
    expires_at: Date;
    paid_at: Date | null;
    declined_at: Date | null;
  };
}
