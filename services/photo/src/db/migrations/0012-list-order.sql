update matches set event_id = photos.event_id, creator_id = photos.creator_id, captured_at = photos.captured_at
  from photos where photos.photo_id = matches.photo_id and matches.captured_at is null;
update collections set event_id = photos.event_id, captured_at = photos.captured_at
  from photos where photos.photo_id = collections.photo_id and collections.captured_at is null;
update event_creators set starts_at = events.starts_at
  from events where events.event_id = event_creators.event_id and event_creators.starts_at is null;

-- An index for each list, in its order: by what it is narrowed, then when the photo was taken.
-- contract: no release holds this table yet.
create index matches_newest on matches (member_id, captured_at desc, photo_id desc)
  where creator_id <> member_id
    and (answer = 'confirmed' or (answer = 'suggested' and (not is_unsure or shown_level is not null)));
-- contract: no release holds this table yet.
create index matches_newest_in_event on matches (member_id, event_id, captured_at desc, photo_id desc)
  where creator_id <> member_id
    and (answer = 'confirmed' or (answer = 'suggested' and (not is_unsure or shown_level is not null)));
-- contract: no release holds this table yet.
create index matches_newest_by_creator on matches (member_id, creator_id, captured_at desc, photo_id desc)
  where creator_id <> member_id
    and (answer = 'confirmed' or (answer = 'suggested' and (not is_unsure or shown_level is not null)));
-- contract: no release holds this table yet.
create index matches_asked on matches (member_id, captured_at desc, photo_id desc)
  where answer = 'suggested' and is_unsure and creator_id <> member_id;
-- contract: no release holds this table yet.
create index matches_rejected on matches (member_id, captured_at desc, photo_id desc)
  where answer = 'rejected' and creator_id <> member_id;

-- contract: no release holds this table yet.
create index collections_by_photo on collections (photo_id);
-- contract: no release holds this table yet.
create index collections_newest_in_event on collections (member_id, event_id, captured_at desc, photo_id desc);

-- contract: no release holds this table yet.
create index photos_newest_in_event on photos (event_id, captured_at desc, photo_id desc)
  where status = 'on_sale' and not is_hidden;
-- contract: no release holds this table yet.
create index photos_own_in_event on photos (creator_id, event_id, captured_at desc, photo_id desc)
  where status = 'on_sale';
-- contract: no release holds this table yet.
create index photos_by_creator_in_event on photos (creator_id, event_id, uploaded_at desc, photo_id desc);

-- contract: no release holds this table yet.
create index events_newest_public on events (starts_at desc, event_id desc) where visibility = 'public';
-- contract: no release holds this table yet.
create index event_creators_newest on event_creators (creator_id, starts_at desc, event_id desc);
