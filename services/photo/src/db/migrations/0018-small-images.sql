-- The smaller two of a photo's images, a hash of 25 bytes at most that is drawn until they are there, and the CRC-32 of the original, which a ZIP
-- says of it. All null for photos of the release before.
alter table photos
  add column preview_small_key text,
  add column thumbnail_small_key text,
  add column thumbhash bytea,
  add column crc32 bigint;
