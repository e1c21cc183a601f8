-- A photo is kept by many, and a member keeps many: whoever asks for both reads one row, whichever of the two PostgreSQL takes for few.
-- contract: no release holds this table yet.
create index collections_kept on collections (photo_id, member_id, kind);
-- contract: no release holds this table yet.
drop index collections_by_photo;
