-- By what a list is narrowed and ordered stands in its rows too, so that a page reads what it shows and not all that there is.
-- Triggers keep it: whoever moves a photo or learns when it was taken need not know of the lists.
alter table matches
  add column event_id uuid,
  add column creator_id uuid,
  add column captured_at timestamptz;
alter table collections
  add column event_id uuid,
  add column captured_at timestamptz;
alter table event_creators add column starts_at timestamptz;

-- Columns of a unique index are a key of their row: whoever changes them waits for those who hold FOR KEY SHARE, and these for it. So
-- no row is inserted beside with what was true a moment before.
-- contract: no release holds this table yet.
create unique index photos_in_lists on photos (photo_id, event_id, captured_at);
-- contract: no release holds this table yet.
create unique index events_in_lists on events (event_id, starts_at);

-- A restore may insert rows before what they are copied from.
create function copy_photo_to_match() returns trigger language plpgsql as $$
declare
  photo record;
begin
  select event_id, creator_id, captured_at into photo from photos where photo_id = new.photo_id for key share;
  if found then
    new.event_id := photo.event_id;
    new.creator_id := photo.creator_id;
    new.captured_at := photo.captured_at;
  end if;
  return new;
end $$;

create function copy_photo_to_collection() returns trigger language plpgsql as $$
declare
  photo record;
begin
  select event_id, captured_at into photo from photos where photo_id = new.photo_id for key share;
  if found then
    new.event_id := photo.event_id;
    new.captured_at := photo.captured_at;
  end if;
  return new;
end $$;

create function copy_event_to_creator() returns trigger language plpgsql as $$
declare
  event record;
begin
  select starts_at into event from events where event_id = new.event_id for key share;
  if found then
    new.starts_at := event.starts_at;
  end if;
  return new;
end $$;

create function copy_photo_to_lists() returns trigger language plpgsql as $$
begin
  update matches set event_id = new.event_id, captured_at = new.captured_at where photo_id = new.photo_id;
  update collections set event_id = new.event_id, captured_at = new.captured_at where photo_id = new.photo_id;
  return null;
end $$;

create function copy_event_to_lists() returns trigger language plpgsql as $$
begin
  update event_creators set starts_at = new.starts_at where event_id = new.event_id;
  return null;
end $$;

create trigger matches_copy_photo before insert on matches for each row execute function copy_photo_to_match();
create trigger collections_copy_photo before insert on collections for each row execute function copy_photo_to_collection();
create trigger event_creators_copy_event before insert on event_creators
  for each row execute function copy_event_to_creator();
create trigger photos_copy_to_lists after update on photos for each row
  when ((old.event_id, old.captured_at) is distinct from (new.event_id, new.captured_at))
  execute function copy_photo_to_lists();
create trigger events_copy_to_lists after update on events for each row
  when (old.starts_at is distinct from new.starts_at) execute function copy_event_to_lists();
