import { type JobKind, patient } from '@kilas/platform/jobs/job-kinds.ts';
import { z } from 'zod';

const pending = z.object({ facecamId: z.guid() });
const removed = z.object({ memberId: z.guid(), facecamId: z.guid() });

/** Has ai make the template of a stored selfie. */
export const enrolFacecamJob: JobKind<z.output<typeof pending>> = {
  name: 'enrol-facecam',
  data: pending,
  ...patient,
  timeoutSeconds: 180,
};

/** Has ai forget the template of a facecam that is no more. */
export const forgetFacecamJob: JobKind<z.output<typeof removed>> = {
  name: 'forget-facecam',
  data: removed,
  ...patient,
  timeoutSeconds: 60,
};
