-- What ends with a photo that is deleted.
-- contract: no release holds this table yet.
create index templates_confirmed_in_photo on templates (photo_id) where photo_id is not null;
