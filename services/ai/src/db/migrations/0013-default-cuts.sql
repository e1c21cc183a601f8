-- Which cuts photo showed members by default, ever: whoever withdraws is erased from all that any of them showed. The first is that of
-- every installation until now.
create table default_cuts (
  level_min smallint not null,
  strangers_max double precision not null,
  used_at timestamptz not null,
  constraint default_cuts_pk primary key (level_min, strangers_max)
);
insert into default_cuts (level_min, strangers_max, used_at) values (3, 0.5, now());

-- The level of a face that was not shown by default, for members who chose a looser one; null where it was.
alter table face_places add column level smallint;
