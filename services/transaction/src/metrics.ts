import { Count, Level, Reading } from '@kilas/platform/telemetry/metrics.ts';

export const ordersBy = new Count('transaction', 'kilas_orders_total', 'Orders that came into a state', {
  state: ['pending', 'paid', 'expired', 'cancelled'],
});

export const payments = new Count('transaction', 'kilas_payments_total', 'Payments that a provider told of', {
  outcome: ['settled', 'refund_due', 'repeated', 'mismatch', 'error'],
});

export const ordersOpen = new Reading('kilas_orders_open', 'Orders that wait for their payment');

export const ledgerIntact = new Level(
  'transaction',
  'kilas_ledger_intact',
  'Whether the chain of the ledger was whole when this process last verified it; absent until it did',
);
