import type { JobKind } from '@kilas/platform/jobs/jobs.ts';
import { z } from 'zod';

const pending = z.object({ facecamId: z.guid() });
const removed = z.object({ memberId: z.guid(), facecamId: z.guid() });

/** Some days of tries: ai may be away for long, and then comes back. */
const patient = { retryCountMax: 20_000, retryDelaySeconds: 1, retryDelayMaxSeconds: 30 };

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
