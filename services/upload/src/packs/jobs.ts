import { type JobKind, patient, timedJob } from '@kilas/platform/jobs/job-kinds.ts';
import { z } from 'zod';

const renewal = z.object({ memberId: z.guid(), packId: z.string(), until: z.string() });

/** Looks whether ai changes its model pack, and does what that leaves to do. What was not done in a minute is done in the next. */
export const followPackChangeJob = timedJob({
  name: 'follow-pack-change',
  cron: '* * * * *',
  timeoutSeconds: 180,
});

/** Has ai make the templates of a member's kept selfies anew. */
export const renewSelfiesJob: JobKind<z.output<typeof renewal>> = {
  name: 'renew-selfies',
  data: renewal,
  ...patient,
  timeoutSeconds: 600,
};
