import { type JobKind, patient } from '@kilas/platform/jobs/job-kinds.ts';
import { z } from 'zod';

const photo = z.object({ photoId: z.guid() });

/** Sent with each photo that is accepted: makes its derived images. How often is counted in the row; the queue only repeats. */
export const derivePhotoJob: JobKind<z.output<typeof photo>> = {
  name: 'derive-photo',
  data: photo,
  ...patient,
  retryDelaySeconds: 2,
  retryDelayMaxSeconds: 600,
  timeoutSeconds: 600,
};
