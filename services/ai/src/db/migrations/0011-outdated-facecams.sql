-- Facecams whose templates went with their pack and that no other pack knows: they are enrolled no more, and were not taken away. What
-- photo was told by them stays. Ids alone, until the facecam or the consent goes.
create table outdated_facecams (
  facecam_id uuid constraint outdated_facecams_pk primary key,
  member_id uuid not null,
  consent_epoch integer not null
);
create index outdated_facecams_member on outdated_facecams (member_id);
