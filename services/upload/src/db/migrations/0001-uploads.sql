create table handled_events (
  event_id uuid primary key,
  effects jsonb not null default '{}',
  handled_at timestamptz not null default now()
);

-- One row per photo, there before the first byte of it is stored. All keys are chosen with the row, so no object exists that
-- no row names, and every step may run twice.
create table uploads (
  photo_id uuid primary key,
  creator_id uuid not null,
  sha256 text not null,
  size_bytes bigint not null,
  format text not null,
  state text not null,
  failure_reason text,
  title text not null,
  description text not null,
  price_idr bigint not null,
  sale text not null,
  event_id uuid,
  latitude double precision,
  longitude double precision,
  original_key text not null,
  compressed_key text not null,
  preview_key text not null,
  thumbnail_key text not null,
  processed_key text not null,
  -- How often the making of the derived images was started, also by processes that died of it, and how often it may be.
  derive_count integer not null default 0,
  derive_count_max integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  -- The same bytes of one creator are one photo.
  constraint uploads_bytes_unique unique (creator_id, sha256),
  constraint uploads_state_known check (state in ('intended', 'accepted', 'processed', 'failed')),
  constraint uploads_failure_told check ((state = 'failed') = (failure_reason is not null)),
  constraint uploads_place_whole check ((latitude is null) = (longitude is null)),
  constraint uploads_price_positive check (price_idr >= 0)
);

create index uploads_intended on uploads (created_at) where state = 'intended';
