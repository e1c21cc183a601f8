create table orders (
  order_id uuid primary key,
  buyer_id uuid not null,
  state text not null default 'pending',
  total_idr bigint not null,
  idempotency_key text not null,
  -- SHA-256 of what was asked for under that key.
  request_hash text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  closed_at timestamptz,
  -- When the reconciler asks the provider next; moving it is the reconciler's lease.
  next_check_at timestamptz not null,
  constraint orders_idempotency_key unique (buyer_id, idempotency_key),
  constraint orders_state check (state in ('pending', 'paid', 'expired', 'cancelled')),
  constraint orders_closed check ((state = 'pending') = (closed_at is null)),
  constraint orders_total check (total_idr >= 0)
);

create index orders_of_buyer on orders (buyer_id, order_id desc);
create index orders_to_check on orders (next_check_at) where state = 'pending';

create table order_items (
  order_id uuid not null references orders,
  photo_id uuid not null,
  position integer not null,
  creator_id uuid not null,
  title text not null,
  sale text not null,
  price_idr bigint not null,
  -- The platform's part of the price, fixed when the order is made.
  commission_idr bigint not null,
  primary key (order_id, photo_id),
  constraint order_items_position unique (order_id, position),
  constraint order_items_sale check (sale in ('shared', 'exclusive')),
  constraint order_items_price check (price_idr >= 0 and commission_idr between 0 and price_idr)
);

-- What open orders hold. A row lives exactly as long as its order is pending.
create table reservations (
  order_id uuid not null references orders,
  photo_id uuid not null,
  buyer_id uuid not null,
  is_exclusive boolean not null,
  primary key (order_id, photo_id)
);

-- Two buyers never pay for an exclusive photo at once.
create unique index reservations_exclusive_photo on reservations (photo_id) where is_exclusive;
-- One buyer never pays twice for the same photo.
create unique index reservations_buyer_photo on reservations (buyer_id, photo_id);
