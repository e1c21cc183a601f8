import { type JobKind, patient } from '@kilas/platform/jobs/job-kinds.ts';
import { z } from 'zod';

const photo = z.object({ photoId: z.guid() });

/** What a photo's header says of its making; see `read-header.ts`. */
const published = photo.extend({
  width: z.number().int(),
  height: z.number().int(),
  /** In base64; absent from a job of the release before. */
  thumbhash: z.string().optional(),
  capturedLocal: z.string().optional(),
  capturedOffset: z.string().optional(),
  capturedField: z.string().optional(),
  camera: z.string().optional(),
});

/** Tells photo that the images stand. */
export const publishPhotoJob: JobKind<z.output<typeof published>> = {
  name: 'publish-photo',
  data: published,
  ...patient,
  timeoutSeconds: 60,
};

/** Has ai look for faces. */
export const recognisePhotoJob: JobKind<z.output<typeof photo>> = {
  name: 'recognise-photo',
  data: photo,
  ...patient,
  timeoutSeconds: 180,
};
