create table handled_events (
  event_id uuid primary key,
  effects jsonb not null default '{}',
  handled_at timestamptz not null default now()
);

create table creators (
  creator_id uuid primary key,
  display_name text not null,
  told_at timestamptz not null
);

create table events (
  event_id uuid primary key,
  owner_id uuid not null,
  name text not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  time_zone text not null,
  place text,
  visibility text not null,
  share_token text not null,
  retention_days int not null,
  created_at timestamptz not null,
  constraint events_ends_after_start check (ends_at >= starts_at),
  constraint events_visibility_known check (visibility in ('matches', 'unlisted', 'public'))
);
create index events_newest on events (starts_at desc, event_id desc);

create table event_creators (
  event_id uuid not null references events,
  creator_id uuid not null,
  primary key (event_id, creator_id)
);
create index event_creators_by_creator on event_creators (creator_id);

create table photos (
  photo_id uuid primary key,
  creator_id uuid not null,
  event_id uuid references events,
  title text not null,
  description text not null,
  price_idr bigint not null,
  sale text not null,
  latitude double precision,
  longitude double precision,
  sha256 text not null,
  size_bytes bigint not null,
  format text not null,
  original_key text not null,
  status text not null default 'raw',
  failure_reason text,
  is_hidden boolean not null default false,
  is_sold_out boolean not null default false,
  width int,
  height int,
  preview_key text,
  thumbnail_key text,
  camera text,
  recognition text not null default 'pending',
  recognition_failure text,
  face_count int,
  processed_key text,
  -- EXIF in the event's zone where there is one, else when it was uploaded.
  captured_at timestamptz not null,
  uploaded_at timestamptz not null,
  constraint photos_price_not_negative check (price_idr >= 0),
  constraint photos_place_whole check ((latitude is null) = (longitude is null)),
  constraint photos_sale_known check (sale in ('shared', 'exclusive')),
  constraint photos_status_known check (status in ('raw', 'on_sale', 'failed', 'removed')),
  constraint photos_recognition_known check (recognition in ('pending', 'done', 'failed')),
  constraint photos_on_sale_has_preview check (status <> 'on_sale' or preview_key is not null)
);
create index photos_by_event on photos (event_id, captured_at desc, photo_id desc);
create index photos_by_creator on photos (creator_id, uploaded_at desc, photo_id desc);

-- How many faces were searched, by event (or by creator, for photos without one) and creator.
create table galleries (
  gallery_id uuid not null,
  creator_id uuid not null,
  face_count bigint not null default 0,
  primary key (gallery_id, creator_id)
);

create table matches (
  photo_id uuid not null references photos,
  member_id uuid not null,
  facecam_id uuid not null,
  consent_epoch int not null,
  distance double precision not null,
  level int not null,
  false_match_rate double precision not null,
  box_left double precision not null,
  box_top double precision not null,
  box_width double precision not null,
  box_height double precision not null,
  answer text not null default 'suggested',
  found_at timestamptz not null,
  primary key (photo_id, member_id),
  constraint matches_level_known check (level between 1 and 9),
  constraint matches_answer_known check (answer in ('suggested', 'confirmed', 'rejected'))
);
create index matches_by_member on matches (member_id, photo_id);

create table erased_members (
  member_id uuid primary key,
  erased_epoch int not null
);

create table collections (
  member_id uuid not null,
  kind text not null,
  photo_id uuid not null references photos,
  added_at timestamptz not null,
  primary key (member_id, kind, photo_id),
  constraint collections_kind_known check (kind in ('cart', 'wishlist', 'favourites'))
);
create index collections_newest on collections (member_id, kind, added_at desc, photo_id desc);
