-- Photos that their creator deleted: nothing brings them back. Ids alone.
create table deleted_photos (
  photo_id uuid constraint deleted_photos_pk primary key,
  creator_id uuid not null,
  deleted_at timestamptz not null
);

-- Photos of an order that transaction is making. Nobody deletes them until transaction has told what became of the order; if it cannot, until
-- `held_until`.
create table held_photos (
  order_id uuid not null,
  photo_id uuid not null constraint held_photos_photo references photos (photo_id) on delete cascade,
  held_until timestamptz not null,
  constraint held_photos_pk primary key (order_id, photo_id)
);
create index held_photos_by_photo on held_photos (photo_id);
