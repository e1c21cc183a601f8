-- What a picture of a face shows that another picture of the person does not, turned as embeddings are: by it a selfie is known that was
-- cut from a photo. Beside the faces, so that searches read no more than before; it goes with its face. None for faces that were found before.
create table face_imprints (
  face_id uuid constraint face_imprints_pk primary key,
  -- Of the photo itself.
  imprint halfvec(210) not null,
  -- Of its preview, with the watermark; null where there was none.
  marked_imprint halfvec(210),
  constraint face_imprints_face foreign key (face_id) references faces (face_id) on delete cascade
);
