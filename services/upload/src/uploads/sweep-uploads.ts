import { timedJob } from '@kilas/platform/jobs/job-kinds.ts';
import { addSeconds } from '@kilas/platform/process/clock.ts';
import type { UploadContext } from '../context.ts';
import { completeIntent } from './complete-intent.ts';
import { discardIntent } from './discard-intent.ts';
import type { Upload } from './upload.ts';
import { listIntendedBefore } from './upload-store.ts';

/** A request that is still at work on an intent this old is slower than any limit allows. */
const resumeAfterSeconds = 600;
/** Photo has said neither yes nor no for so long: nobody waits for this upload any more. */
const giveUpAfterSeconds = 24 * 3600;
const sweptMax = 100;

export const sweepUploadsJob = timedJob({
  name: 'sweep-uploads',
  cron: '* * * * *',
  timeoutSeconds: 300,
});

/**
 * Ends intents that went no further: accepts those whose original stands in storage, removes the others. It may meet a
 * request that is still at work on the same intent; then both do the same, see `completeIntent`. Removes what lies half
 * written in storage as well.
 */
export async function sweepUploads(ctx: UploadContext): Promise<void> {
  try {
    await endIntents(ctx);
  } finally {
    await ctx.objects.sweep();
  }
}

async function endIntents(ctx: UploadContext): Promise<void> {
  const now = ctx.clock.now();
  const intents = await listIntendedBefore(ctx.db, addSeconds(now, -resumeAfterSeconds), sweptMax);
  const errors: unknown[] = [];
  for (const upload of intents) {
    // One that cannot be ended yet does not keep the others waiting.
    await endIntent(ctx, upload, now).catch((error) => errors.push(error));
  }
  if (errors.length > 0) throw new AggregateError(errors, `${errors.length} intents could not be ended`);
}

async function endIntent(ctx: UploadContext, upload: Upload, now: Date): Promise<void> {
  const isStored = await ctx.objects.exists({ bucket: 'originals', key: upload.original_key });
  const isTooOld = upload.created_at < addSeconds(now, -giveUpAfterSeconds);
  if (isStored && !isTooOld) await completeIntent(ctx, upload);
  else await discardIntent(ctx, upload);
}
