-- The books of the sandbox payment company; nothing else reads or writes them.
create table sandbox_payments (
  payment_id uuid primary key,
  order_id uuid not null,
  -- Opens the payment page. Kept as it is, since the company tells the link again; it moves no real money.
  token text not null,
  amount_idr bigint not null,
  state text not null default 'open',
  created_at timestamptz not null,
  expires_at timestamptz not null,
  paid_at timestamptz,
  declined_at timestamptz,
  constraint sandbox_payments_order unique (order_id),
  constraint sandbox_payments_token unique (token),
  constraint sandbox_payments_amount check (amount_idr > 0),
  constraint sandbox_payments_state check (state in ('open', 'paid', 'cancelled')),
  constraint sandbox_payments_paid check ((state = 'paid') = (paid_at is not null))
);
