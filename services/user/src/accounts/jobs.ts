import type { JobKind } from '@kilas/platform/jobs/job-kinds.ts';
import { z } from 'zod';

const retries = { retryCountMax: 30, retryDelaySeconds: 2, retryDelayMaxSeconds: 1800, timeoutSeconds: 120 };

const registrationData = z.object({ registrationId: z.guid() });

/** Sends the mail that answers a registration. Its data hold no secret: the link is made when the mail is sent. */
export const mailRegistration: JobKind<z.output<typeof registrationData>> = {
  name: 'mail-registration',
  data: registrationData,
  ...retries,
};

const resendData = z.object({ email: z.string() });

/** Sends the links of the newest registrations of an address again. */
export const resendVerification: JobKind<z.output<typeof resendData>> = {
  name: 'resend-verification',
  data: resendData,
  ...retries,
  // The address stays no longer than it takes to write to it.
  keptSeconds: 1,
};
