-- Where a template is from: a selfie, or the face of a photo that its member confirmed. That photo's id serves to end it when the member
-- says otherwise.
alter table templates
  add column source text not null default 'selfie' constraint templates_source_known check (source in ('selfie', 'confirmed')),
  add column photo_id uuid constraint templates_photo_of_confirmed check ((source = 'selfie') = (photo_id is null));

-- Confirmed faces that are templates no more, until photo has heard of it.
create table untold_endings (
  facecam_id uuid constraint untold_endings_pk primary key,
  member_id uuid not null
);
