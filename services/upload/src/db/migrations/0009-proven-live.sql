-- Whether the selfie was proven to be taken of a person before the camera, and not of a picture.
alter table facecams add column proven_live boolean not null default false;
