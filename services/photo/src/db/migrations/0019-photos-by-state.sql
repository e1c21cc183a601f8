-- How many photos of each state a creator has in each gallery (an event, or the creator for their photos without one), kept by triggers: a
-- list of events says it without counting. What creators see as a photo's state is one word; `sold` stands beside it.
create function photo_state(status text, is_hidden boolean) returns text language sql immutable
  return case when status = 'on_sale' and is_hidden then 'hidden' else status end;
-- All that a photo is counted under.
create function photo_states(status text, is_hidden boolean, sold_count int) returns text[] language sql immutable
  return case when sold_count > 0 then array[photo_state(status, is_hidden), 'sold'] else array[photo_state(status, is_hidden)] end;

alter table photos add column sold_count int not null default 0;
-- No foreign key: whoever reads it looks whether the photo is there, in the event and on sale.
alter table events add column cover_photo_id uuid;

-- The name comes after `photos`: a restore loads tables in this order, and deletes what triggers put there before.
create table photos_by_state (
  gallery_id uuid not null,
  state text not null,
  creator_id uuid not null,
  photo_count bigint not null,
  constraint photos_by_state_pk primary key (gallery_id, state, creator_id)
);
create index photos_by_state_of_creator on photos_by_state (creator_id, gallery_id);

-- contract: no release holds this table yet.
create index bought_photos_by_photo on bought_photos (photo_id);

-- First the lock, then, in a view of its own, the count: of two sales at once, the second counts both.
create function count_buyers() returns trigger language plpgsql as $$
begin
  perform from photos where photo_id in (select photo_id from changed) order by photo_id for no key update;
  update photos set sold_count = counted.buyers
    from (
      select c.photo_id, (select count(*) from bought_photos b where b.photo_id = c.photo_id) as buyers
      from (select distinct photo_id from changed) c
    ) counted
    where photos.photo_id = counted.photo_id and photos.sold_count <> counted.buyers;
  return null;
end $$;
create trigger bought_photos_count_new after insert on bought_photos referencing new table as changed
  for each statement execute function count_buyers();
create trigger bought_photos_count_gone after delete on bought_photos referencing old table as changed
  for each statement execute function count_buyers();
update photos set sold_count = counted.buyers
  from (select photo_id, count(*) as buyers from bought_photos group by photo_id) counted
  where photos.photo_id = counted.photo_id;

-- Changes of one statement are summed up first: a count that stays the same is not written, and counts are locked in one order.
create function count_photos() returns trigger language plpgsql as $$
declare
  changes photos_by_state[] := '{}';
begin
  if tg_op <> 'INSERT' then
    changes := changes || array(
      select row(coalesce(event_id, creator_id), state, creator_id, -1)::photos_by_state
      from gone, unnest(photo_states(status, is_hidden, sold_count)) as state
    );
  end if;
  if tg_op <> 'DELETE' then
    changes := changes || array(
      select row(coalesce(event_id, creator_id), state, creator_id, 1)::photos_by_state
      from came, unnest(photo_states(status, is_hidden, sold_count)) as state
    );
  end if;
  insert into photos_by_state as t (gallery_id, state, creator_id, photo_count)
    select gallery_id, state, creator_id, sum(photo_count) from unnest(changes)
    group by gallery_id, state, creator_id having sum(photo_count) <> 0 order by gallery_id, state, creator_id
    on conflict (gallery_id, state, creator_id) do update set photo_count = t.photo_count + excluded.photo_count;
  return null;
end $$;
create trigger photos_count_new after insert on photos referencing new table as came
  for each statement execute function count_photos();
create trigger photos_count_changed after update on photos referencing old table as gone new table as came
  for each statement execute function count_photos();
create trigger photos_count_gone after delete on photos referencing old table as gone
  for each statement execute function count_photos();
insert into photos_by_state (gallery_id, state, creator_id, photo_count)
  select coalesce(event_id, creator_id), state, creator_id, count(*)
  from photos, unnest(photo_states(status, is_hidden, sold_count)) as state
  group by 1, 2, 3;
