import { timedJob } from '@kilas/platform/jobs/job-kinds.ts';
import { addSeconds } from '@kilas/platform/process/clock.ts';
import type { UploadContext } from '../context.ts';
import { discardParts } from './discard-parts.ts';
import { deletePart, listPartKeysOfEnded } from './part-store.ts';
import { deleteEndedBefore, listExpired, markGone } from './resumable-store.ts';
import { toldForSeconds } from './resumable-upload.ts';

/** No request that had an upload at work before its end is still writing by then. */
const lateAfterSeconds = 3600;
const sweptMax = 200;

export const sweepResumableJob = timedJob({
  name: 'sweep-resumable',
  cron: '* * * * *',
  timeoutSeconds: 300,
});

/** Ends uploads that have expired, removes what is left of the parts of those that ended, and forgets what nobody is told any more. */
export async function sweepResumable(ctx: UploadContext): Promise<void> {
  const now = ctx.clock.now();
  for (const uploadId of await listExpired(ctx.db, now, sweptMax)) {
    if (await markGone(ctx.db, { uploadId, now })) await discardParts(ctx, uploadId);
  }
  for (const key of await listPartKeysOfEnded(ctx.db, addSeconds(now, -lateAfterSeconds), sweptMax)) {
    await ctx.objects.delete({ bucket: 'originals', key });
    await deletePart(ctx.db, key);
  }
  await deleteEndedBefore(ctx.db, addSeconds(now, -toldForSeconds), sweptMax);
}
