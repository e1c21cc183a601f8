-- Whether the selfie of a template was taken of a person before the camera, as upload proved before it was enrolled. A confirmed face never was.
alter table templates add column proven_live boolean not null default false;
