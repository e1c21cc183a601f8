-- Why a face is taken for a member: what is known of the face (null where it was not told), and how many of the member's facecams were
-- searched, each of which is a trial of its own.
alter table matches
  add column facecam_count int not null default 1 constraint matches_facecam_count_positive check (facecam_count >= 1),
  add column eye_distance_px real,
  add column sharpness real,
  add column exposure real,
  add column face_quality real;
