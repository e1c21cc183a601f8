-- What was erased and whether it is gone: for a withdrawal under the id of its event, for an event whose retention ended one row
-- until what was erased is gone, then another one when more comes. Counts and times; neither a vector nor a member.
create table erasures (
  erasure_id uuid constraint erasures_pk primary key,
  reason text not null constraint erasures_reason_known check (reason in ('withdrawal', 'retention')),
  -- Of the retention of an event; null for photos without one.
  event_id uuid,
  -- When it was asked for, or when the retention ended.
  due_at timestamptz not null,
  template_count integer not null default 0,
  face_count integer not null default 0,
  erased_at timestamptz not null,
  unsearchable_at timestamptz,
  gone_at timestamptz,
  -- Erased vectors that were looked for, and those that were still found.
  vectors_probed integer not null default 0,
  survivors integer not null default 0,
  constraint erasures_in_order check (gone_at is null or unsearchable_at is not null)
);
create index erasures_open on erasures (due_at) where gone_at is null;
create unique index erasures_one_open_retention
  on erasures (coalesce(event_id, '00000000-0000-0000-0000-000000000000')) where reason = 'retention' and gone_at is null;

-- Photos without an event are one gallery for each creator.
-- contract: nothing is released yet
create index photo_recognitions_eventless on photo_recognitions (creator_id) where event_id is null;
