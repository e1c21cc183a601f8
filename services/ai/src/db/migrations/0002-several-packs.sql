-- What a set of models is called, how long its embeddings are and which of several is believed first (the highest rank).
create table packs (
  pack_id text constraint packs_pk primary key,
  -- pgvector's index takes no longer vectors.
  dimension integer not null constraint packs_dimension_fits check (dimension between 1 and 2000),
  rank integer not null default 0,
  added_at timestamptz not null default now(),
  -- For the foreign keys that hold each embedding to its pack's length.
  constraint packs_dimension_known unique (pack_id, dimension)
);
insert into packs (pack_id, dimension)
  select pack_id, 128 from photo_recognitions union select pack_id, 128 from faces union select pack_id, 128 from templates;

-- A photo is recognised once under each pack.
-- contract: nothing is released yet
alter table faces drop constraint faces_photo;
-- contract: nothing is released yet
alter table photo_recognitions drop constraint photo_recognitions_pk,
  add constraint photo_recognitions_pk primary key (photo_id, pack_id);
-- contract: nothing is released yet
alter table faces
  alter column embedding type vector,
  add column dimension integer not null generated always as (vector_dims(embedding)) stored,
  add constraint faces_photo foreign key (photo_id, pack_id) references photo_recognitions (photo_id, pack_id) on delete cascade,
  add constraint faces_pack foreign key (pack_id, dimension) references packs (pack_id, dimension);

-- A facecam has one template under each pack.
-- contract: nothing is released yet
alter table face_matches drop constraint face_matches_template;
-- contract: nothing is released yet
alter table templates
  drop constraint templates_pk,
  add constraint templates_pk primary key (facecam_id, pack_id),
  alter column embedding type vector,
  add column dimension integer not null generated always as (vector_dims(embedding)) stored,
  add constraint templates_pack foreign key (pack_id, dimension) references packs (pack_id, dimension);

-- A member is in a photo at most once for each pack, so that erasing them finds the face that each pack saw.
alter table face_matches add column pack_id text;
update face_matches m set pack_id = f.pack_id from faces f where f.face_id = m.face_id;
-- contract: nothing is released yet
alter table face_matches
  alter column pack_id set not null,
  drop constraint face_matches_pk,
  add constraint face_matches_pk primary key (photo_id, member_id, pack_id),
  add constraint face_matches_template foreign key (facecam_id, pack_id) references templates (facecam_id, pack_id)
    on delete cascade;
