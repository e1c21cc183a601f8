-- Files that come in parts, each part by a request of its own to whichever replica.
create table resumable_uploads (
  upload_id uuid primary key,
  creator_id uuid not null,
  size_bytes bigint not null,
  offset_bytes bigint not null,
  metadata text not null,
  state text not null,
  photo_id uuid,
  refusal jsonb,
  -- Who has the upload at work, and until when by the clock of the database; see lease.ts.
  holder uuid,
  held_until timestamptz,
  is_wanted boolean not null default false,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  constraint resumable_uploads_state_known check (state in ('receiving', 'accepted', 'duplicate', 'refused', 'gone')),
  constraint resumable_uploads_offset_within check (offset_bytes between 0 and size_bytes),
  constraint resumable_uploads_end_told check ((state = 'receiving') = (ended_at is null)),
  constraint resumable_uploads_refusal_told check ((state = 'refused') = (refusal is not null)),
  constraint resumable_uploads_photo_told check ((state in ('accepted', 'duplicate')) = (photo_id is not null))
);

create index resumable_uploads_unfinished on resumable_uploads (creator_id) where state = 'receiving';
create index resumable_uploads_expiring on resumable_uploads (expires_at) where state = 'receiving';
create index resumable_uploads_ended on resumable_uploads (ended_at) where state <> 'receiving';

-- One object for each part. The row stands before the object, and until after the object is gone.
create table resumable_parts (
  object_key text primary key,
  upload_id uuid not null references resumable_uploads,
  start_bytes bigint not null,
  size_bytes bigint not null,
  is_stored boolean not null default false
);

create index resumable_parts_upload on resumable_parts (upload_id);
-- No byte counts twice.
create unique index resumable_parts_once on resumable_parts (upload_id, start_bytes) where is_stored;

alter table uploads add column received_as uuid;
