-- Exclusive photos that an order kept from everybody else and did not pay, as long as they count.
create table unpaid_holds (
  order_id uuid not null references orders,
  photo_id uuid not null,
  buyer_id uuid not null,
  held_seconds integer not null,
  ended_at timestamptz not null,
  constraint unpaid_holds_pk primary key (order_id, photo_id),
  constraint unpaid_holds_length check (held_seconds > 0)
);

create index unpaid_holds_of_buyer on unpaid_holds (buyer_id, photo_id, ended_at);
create index unpaid_holds_by_end on unpaid_holds (ended_at);
