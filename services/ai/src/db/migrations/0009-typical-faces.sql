-- The middle of the installation's faces under a pack, by which distances are normalised. Until there are enough of them it is the one that
-- comes with the pack. It is a mean of a thousand faces and more: nobody's.
create table typical_faces (
  pack_id text constraint typical_faces_pk primary key constraint typical_faces_pack references packs (pack_id),
  embedding vector not null,
  dimension integer not null generated always as (vector_dims(embedding)) stored,
  -- How far from it faces lie on average.
  usual_distance double precision not null constraint typical_faces_distance_positive check (usual_distance >= 0),
  -- How many faces it is the mean of; 0: it came with the pack.
  face_count integer not null constraint typical_faces_count_positive check (face_count >= 0),
  -- Faces of it were erased since.
  is_stale boolean not null default false,
  made_at timestamptz not null
);

-- Several facecams of one member are judged together: the newest one leads, and is searched by the likeness, the mean of them all. Null: by
-- its own embedding. What the version before writes leads by itself, as it did.
alter table templates
  add column is_lead boolean not null default true,
  add column likeness vector;
