create extension if not exists vector;

create table handled_events (
  event_id uuid primary key,
  effects jsonb not null default '{}',
  handled_at timestamptz not null default now()
);

-- One row per member who ever had a template: what every write for a member locks, and, once an epoch is in it, the tombstone.
create table erased_members (
  member_id uuid constraint erased_members_pk primary key,
  erased_epoch integer not null default 0 constraint erased_members_epoch_positive check (erased_epoch >= 0)
);

create table photo_recognitions (
  photo_id uuid constraint photo_recognitions_pk primary key,
  creator_id uuid not null,
  event_id uuid,
  pack_id text not null,
  face_count integer not null constraint photo_recognitions_face_count_positive check (face_count >= 0),
  processed_key text not null,
  recognised_at timestamptz not null
);
create index photo_recognitions_event on photo_recognitions (event_id) where event_id is not null;

-- The box is in fractions of the photo's width and height.
create table faces (
  face_id uuid constraint faces_pk primary key,
  photo_id uuid not null constraint faces_photo references photo_recognitions (photo_id) on delete cascade,
  creator_id uuid not null,
  event_id uuid,
  pack_id text not null,
  embedding vector(128) not null,
  box_left double precision not null,
  box_top double precision not null,
  box_width double precision not null,
  box_height double precision not null,
  score real not null,
  eye_distance_px real not null,
  sharpness real not null,
  exposure real not null,
  frontality real not null,
  created_at timestamptz not null,
  constraint faces_box_inside check (
    box_left >= 0 and box_top >= 0 and box_width >= 0 and box_height >= 0
    and box_left + box_width <= 1.000001 and box_top + box_height <= 1.000001
  )
);
create index faces_photo on faces (photo_id);
create index faces_event on faces (event_id) where event_id is not null;

create table templates (
  facecam_id uuid constraint templates_pk primary key,
  member_id uuid not null constraint templates_member references erased_members (member_id),
  consent_epoch integer not null constraint templates_consent_epoch_positive check (consent_epoch > 0),
  pack_id text not null,
  embedding vector(128) not null,
  created_at timestamptz not null
);
create index templates_member on templates (member_id);

-- A facecam that was taken away comes back by no job that was under way; only ids are kept.
create table forgotten_facecams (
  facecam_id uuid constraint forgotten_facecams_pk primary key,
  member_id uuid not null,
  forgotten_at timestamptz not null
);

-- A member is in a photo at most once, by the nearest face under the newest consent. No template, no match: the foreign key is the last judge of a
-- withdrawn consent.
create table face_matches (
  photo_id uuid not null,
  member_id uuid not null,
  face_id uuid not null constraint face_matches_face references faces (face_id) on delete cascade,
  facecam_id uuid not null constraint face_matches_template references templates (facecam_id) on delete cascade,
  consent_epoch integer not null,
  distance double precision not null constraint face_matches_distance_positive check (distance >= 0),
  constraint face_matches_pk primary key (photo_id, member_id)
);
create index face_matches_member on face_matches (member_id, photo_id);
create index face_matches_face on face_matches (face_id);
create index face_matches_facecam on face_matches (facecam_id, photo_id);
