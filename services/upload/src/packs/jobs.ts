import type { JobKind } from '@kilas/platform/jobs.ts';
import { z } from 'zod';

const outdated = z.object({ facecamId: z.uuid(), until: z.string() });

/** Looks whether ai changes its model pack, and does what that leaves to do. What was not done in a minute is done in the next. */
export const followPackChangeJob: JobKind<Record<string, never>> = {
  name: 'follow-pack-change',
  data: z.strictObject({}),
  retryCountMax: 0,
  retryDelaySeconds: 1,
  retryDelayMaxSeconds: 1,
  timeoutSeconds: 180,
};

/** Has ai make the template of a kept selfie anew. Some days of tries: ai may be away for long, and then comes back. */
export const enrolAgainJob: JobKind<z.output<typeof outdated>> = {
  name: 'enrol-again',
  data: outdated,
  retryCountMax: 20_000,
  retryDelaySeconds: 1,
  retryDelayMaxSeconds: 30,
  timeoutSeconds: 180,
};
