-- How an order is to be paid; a row for each order that costs something.
create table payments (
  order_id uuid primary key references orders,
  provider text not null,
  provider_ref text,
  payment_url text,
  started_at timestamptz,
  constraint payments_started check (num_nulls(provider_ref, payment_url, started_at) in (0, 3))
);

-- Money that a provider took for an order, each payment once.
create table received_payments (
  received_payment_id uuid primary key,
  order_id uuid not null references payments,
  provider text not null,
  provider_ref text not null,
  amount_idr bigint not null,
  paid_at timestamptz not null,
  received_at timestamptz not null,
  outcome text not null,
  constraint received_payments_once unique (provider, provider_ref),
  constraint received_payments_amount check (amount_idr > 0),
  constraint received_payments_outcome check (outcome in ('settled', 'refund_due'))
);

-- An order is settled by one payment.
create unique index received_payments_settled on received_payments (order_id) where outcome = 'settled';
create index received_payments_of_order on received_payments (order_id);

-- Money that bought nothing and is owed to the buyer.
create table refunds (
  refund_id uuid primary key,
  received_payment_id uuid not null references received_payments,
  order_id uuid not null references orders,
  buyer_id uuid not null,
  amount_idr bigint not null,
  reason text not null,
  state text not null default 'due',
  created_at timestamptz not null,
  constraint refunds_payment_once unique (received_payment_id),
  constraint refunds_amount check (amount_idr > 0),
  constraint refunds_reason check (reason in ('paid_before', 'too_late', 'photo_taken', 'wrong_amount')),
  constraint refunds_state check (state in ('due'))
);

create index refunds_of_order on refunds (order_id);
