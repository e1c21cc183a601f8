import { timedJob } from '@kilas/platform/jobs/job-kinds.ts';
import { addSeconds } from '@kilas/platform/process/clock.ts';
import type { UploadContext } from '../context.ts';
import { deleteChallengesBefore } from './challenge-store.ts';
import { changesWindowSeconds } from './check-changes.ts';
import { discardSelfie } from './discard-selfie.ts';
import { deleteEnrolmentsBefore } from './enrolment-store.ts';
import { listSelfieIntentsBefore } from './selfie-intent-store.ts';

/** A request that still means to own a selfie this old is slower than any limit allows. */
const abandonedAfterSeconds = 600;
const sweptMax = 100;

export const sweepSelfiesJob = timedJob({
  name: 'sweep-selfies',
  cron: '* * * * *',
  timeoutSeconds: 60,
});

/**
 * Deletes selfies that no facecam came to own, and challenges whose time is over. A request that stood still meanwhile and writes late gets no facecam: its
 * intent is gone.
 */
export async function sweepSelfies(ctx: UploadContext): Promise<void> {
  const now = ctx.clock.now();
  const keys = await listSelfieIntentsBefore(ctx.db, addSeconds(now, -abandonedAfterSeconds), sweptMax);
  for (const key of keys) await discardSelfie(ctx, key);
  await deleteEnrolmentsBefore(ctx.db, addSeconds(now, -changesWindowSeconds));
  await deleteChallengesBefore(ctx.db, now);
}
