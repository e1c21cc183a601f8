-- Where the face of a member who withdrew is, who was not proven live: it goes when its time comes, unless somebody else is found by it by
-- then. Neither whose it was nor by which withdrawal; the times are whole hours, and the ids random.
create table cut_off_places (
  place_id uuid constraint cut_off_places_pk primary key default gen_random_uuid(),
  photo_id uuid not null,
  box_left double precision not null,
  box_top double precision not null,
  box_width double precision not null,
  box_height double precision not null,
  erase_at timestamptz not null
);
create index cut_off_places_due on cut_off_places (erase_at, place_id);
create index cut_off_places_photo on cut_off_places (photo_id);

-- Of a withdrawal: how many faces were cut off from the member, until when they wait, and when they were gone.
alter table erasures
  add column cut_off_count integer not null default 0,
  add column cut_off_until timestamptz,
  add column cut_off_gone_at timestamptz;
-- contract: nothing is released yet
create index erasures_cut_off on erasures (cut_off_until) where cut_off_until is not null and cut_off_gone_at is null;
-- contract: nothing is released yet
alter table erasures
  drop constraint erasures_reason_known,
  -- contract: nothing is released yet
  add constraint erasures_reason_known check (reason in ('withdrawal', 'retention', 'cut_off')) not valid;
-- contract: nothing is released yet
alter table erasures validate constraint erasures_reason_known;

-- Whether a facecam that was proven live found the member there.
alter table face_places add column proven_live boolean not null default false;
