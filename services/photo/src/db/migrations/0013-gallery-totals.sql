-- All faces of a gallery, whoever took them: a list reads one row for each match, however many photographers an event has.
create table gallery_totals (
  gallery_id uuid constraint gallery_totals_pk primary key,
  face_count bigint not null
);

-- First the lock, then, in a view of its own, the sum: of two who count at once, the second sees what the first wrote.
create function count_galleries() returns trigger language plpgsql as $$
begin
  insert into gallery_totals as t (gallery_id, face_count)
    select distinct gallery_id, 0 from changed order by gallery_id
    on conflict (gallery_id) do update set face_count = t.face_count;
  update gallery_totals t set face_count = counted.face_count
    from (
      select gallery_id, sum(face_count) as face_count from galleries
      where gallery_id in (select gallery_id from changed) group by gallery_id
    ) counted
    where counted.gallery_id = t.gallery_id;
  return null;
end $$;
create trigger galleries_count_new after insert on galleries referencing new table as changed
  for each statement execute function count_galleries();
create trigger galleries_count_changed after update on galleries referencing new table as changed
  for each statement execute function count_galleries();

insert into gallery_totals (gallery_id, face_count)
  select gallery_id, sum(face_count) from galleries group by gallery_id on conflict do nothing;
