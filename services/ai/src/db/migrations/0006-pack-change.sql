-- What distances mean under a pack, as its manifest says.
alter table packs add column calibration jsonb;

-- Where faces were erased, in fractions of the photo: whichever pack looks at it later leaves them out.
alter table photo_recognitions add column erased_boxes jsonb not null default '[]';
-- What still lacks the pack in force is found by the pack that it replaces.
-- contract: nothing is released yet
create index photo_recognitions_pack on photo_recognitions (pack_id, photo_id);
-- contract: nothing is released yet
create index templates_pack on templates (pack_id, member_id);

-- Where a member was found by a pack that is gone: what withdrawing must find. No face, no embedding; it goes with the photo.
create table face_places (
  photo_id uuid not null,
  pack_id text not null,
  member_id uuid not null constraint face_places_member references erased_members (member_id),
  consent_epoch integer not null,
  box_left double precision not null,
  box_top double precision not null,
  box_width double precision not null,
  box_height double precision not null,
  constraint face_places_pk primary key (photo_id, member_id),
  -- Of a pack under which the photo is recognised still.
  constraint face_places_photo foreign key (photo_id, pack_id) references photo_recognitions (photo_id, pack_id)
    on delete cascade
);
create index face_places_member on face_places (member_id);
