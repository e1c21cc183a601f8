-- The zone of the creator when they sent the photo, an IANA name; null where it was not known.
alter table uploads add column time_zone text;
