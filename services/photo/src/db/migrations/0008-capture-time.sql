-- What a photo's file says of when it was taken, so that a photo that moves to another event can be read anew: the wall clock, its offset
-- where the file says it, and which field said it. Then the zone of its creator when they sent it, and by what the wall clock became
-- captured_at. All null for photos of the release before.
alter table photos
  add column captured_local text,
  add column captured_offset text,
  add column captured_field text,
  add column creator_time_zone text,
  add column captured_zone text constraint photos_captured_zone_known
    check (captured_zone in ('file', 'event', 'creator', 'upload'));
