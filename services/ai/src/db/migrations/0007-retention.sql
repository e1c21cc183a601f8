-- Until when nameless faces of an event are kept, as photo says.
create table event_retentions (
  event_id uuid constraint event_retentions_pk primary key,
  faces_until timestamptz not null
);
create index event_retentions_due on event_retentions (faces_until);

-- In photos without an event the time runs from the upload.
alter table photo_recognitions add column uploaded_at timestamptz;
alter table photo_recognitions add column faces_erased_at timestamptz;
-- contract: nothing is released yet
create index photo_recognitions_eventless_due on photo_recognitions (coalesce(uploaded_at, recognised_at))
  where event_id is null and faces_erased_at is null;
