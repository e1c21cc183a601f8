import { timedJob } from '@kilas/platform/jobs/job-kinds.ts';
import { addSeconds } from '@kilas/platform/process/clock.ts';
import type { UploadContext } from '../context.ts';
import { discardParts } from './discard-parts.ts';
import { deletePart, listPartKeysOfEnded } from './part-store.ts';
import { deleteEndedBefore, listExpired, markGone } from './resumable-store.ts';
import { toldForSeconds } from './resumable-upload.ts';

/** No request that had an upload at work before its end is still writing by then. */
const lateAfterSeconds = 3600;
const pageLength = 200;
const kindMaxMs = 60_000;

export const sweepResumableJob = timedJob({
  name: 'sweep-resumable',
  cron: '* * * * *',
  timeoutSeconds: 300,
});

/** Ends uploads that have expired, removes what is left of the parts of those that ended, and forgets what nobody is told any more. */
export async function sweepResumable(ctx: UploadContext): Promise<void> {
  const now = ctx.clock.now();
  await sweepPages(async () => {
    let count = 0;
    for (const uploadId of await listExpired(ctx.db, now, pageLength)) {
      if (!(await markGone(ctx.db, { uploadId, now }))) continue;
      await discardParts(ctx, uploadId);
      count += 1;
    }
    return count;
  });
  await sweepPages(async () => {
    const keys = await listPartKeysOfEnded(ctx.db, addSeconds(now, -lateAfterSeconds), pageLength);
    for (const key of keys) {
      await ctx.objects.delete({ bucket: 'originals', key });
      await deletePart(ctx.db, key);
    }
    return keys.length;
  });
  await sweepPages(() => deleteEndedBefore(ctx.db, addSeconds(now, -toldForSeconds), pageLength));
}

/** As long as whole pages are done, so that no day brings more than is swept; but each kind gets its turn. */
async function sweepPages(sweepPage: () => Promise<number>): Promise<void> {
  const startedAt = performance.now();
  while ((await sweepPage()) === pageLength && performance.now() - startedAt < kindMaxMs);
}
