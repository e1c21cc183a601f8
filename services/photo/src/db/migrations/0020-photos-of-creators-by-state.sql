-- The lists of a creator's photos of one state, in the order of upload.
-- contract: no release holds this table yet.
create index photos_by_creator_state on photos (creator_id, photo_state(status, is_hidden), uploaded_at desc, photo_id desc);
-- contract: no release holds this table yet.
create index photos_by_creator_state_in_event
  on photos (creator_id, event_id, photo_state(status, is_hidden), uploaded_at desc, photo_id desc);
-- contract: no release holds this table yet.
create index photos_sold on photos (creator_id, uploaded_at desc, photo_id desc) where sold_count > 0;
-- contract: no release holds this table yet.
create index photos_sold_in_event on photos (creator_id, event_id, uploaded_at desc, photo_id desc) where sold_count > 0;
