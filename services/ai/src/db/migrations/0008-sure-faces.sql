-- Whether a face may decide: a profile, a patch of skin or a tiny face is found and asked about. Faces that were stored before are taken
-- for sure, as they were.
alter table faces add column is_sure boolean not null default true;
