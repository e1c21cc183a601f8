import { timedJob } from '@kilas/platform/jobs/job-kinds.ts';
import type { UploadContext } from '../context.ts';
import { deleteArchivesBefore } from './archive-store.ts';

export const sweepArchivesJob = timedJob({
  name: 'sweep-archives',
  cron: '* * * * *',
  timeoutSeconds: 60,
});

/** Forgets archives whose links have expired. */
export async function sweepArchives(ctx: Pick<UploadContext, 'db' | 'clock'>): Promise<void> {
  await deleteArchivesBefore(ctx.db, ctx.clock.now());
}
