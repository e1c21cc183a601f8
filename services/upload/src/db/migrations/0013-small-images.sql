-- The keys of the smaller two of a photo's images, and the CRC-32 of the original, which a ZIP says of it. Null for photos of the release before,
-- whose images are JPEGs; those of photos with small images are WebPs.
alter table uploads
  add column preview_small_key text,
  add column thumbnail_small_key text,
  add column crc32 bigint;
