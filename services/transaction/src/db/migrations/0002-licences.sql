create table licences (
  licence_id uuid primary key,
  photo_id uuid not null,
  buyer_id uuid not null,
  creator_id uuid not null,
  order_id uuid not null,
  is_exclusive boolean not null,
  granted_at timestamptz not null,
  foreign key (order_id, photo_id) references order_items,
  constraint licences_photo_buyer unique (photo_id, buyer_id),
  constraint licences_not_own check (buyer_id <> creator_id)
);

create unique index licences_exclusive_photo on licences (photo_id) where is_exclusive;
create index licences_of_buyer on licences (buyer_id, licence_id desc);
