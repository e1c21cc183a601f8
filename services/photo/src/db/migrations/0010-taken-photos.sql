-- What transaction tells of who has what: a list says by it what its viewer can buy. transaction alone decides, at the checkout.
create table bought_photos (
  buyer_id uuid not null,
  photo_id uuid not null,
  constraint bought_photos_pk primary key (buyer_id, photo_id)
);

-- Photos of open orders. A row whose end was lost with a database that had to be restored stands no longer than `held_until`.
create table reserved_photos (
  order_id uuid not null,
  photo_id uuid not null,
  buyer_id uuid not null,
  is_exclusive boolean not null,
  held_until timestamptz not null,
  constraint reserved_photos_pk primary key (order_id, photo_id)
);
create index reserved_photos_photo on reserved_photos (photo_id);
