-- A facecam that was taken away comes back by nothing that was on its way; only ids are kept.
create table forgotten_facecams (
  facecam_id uuid primary key,
  member_id uuid not null
);
