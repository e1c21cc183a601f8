import type { JobKind } from '@kilas/platform/jobs/jobs.ts';
import { z } from 'zod';

const renewal = z.object({ memberId: z.guid(), packId: z.string(), until: z.string() });

/** Looks whether ai changes its model pack, and does what that leaves to do. What was not done in a minute is done in the next. */
export const followPackChangeJob: JobKind<Record<string, never>> = {
  name: 'follow-pack-change',
  data: z.strictObject({}),
  retryCountMax: 0,
  retryDelaySeconds: 1,
  retryDelayMaxSeconds: 1,
  timeoutSeconds: 180,
};

/** Has ai make the templates of a member's kept selfies anew. Some days of tries: ai may be away for long, and then comes back. */
export const renewSelfiesJob: JobKind<z.output<typeof renewal>> = {
  name: 'renew-selfies',
  data: renewal,
  retryCountMax: 20_000,
  retryDelaySeconds: 1,
  retryDelayMaxSeconds: 30,
  timeoutSeconds: 600,
};
