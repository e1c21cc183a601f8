-- The event that a photo is in, or null: as upload said when it was recognised, or photo when it was moved since. What stores faces locks the
-- row, so that a photo that moves meanwhile ends with the faces of all packs in the event in which it is.
create table photo_events (
  photo_id uuid constraint photo_events_pk primary key,
  event_id uuid
);
