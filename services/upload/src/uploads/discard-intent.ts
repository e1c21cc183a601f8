import { transact } from '@kilas/platform/db/transact.ts';
import { type JobKind, patient } from '@kilas/platform/jobs/job-kinds.ts';
import { addSeconds } from '@kilas/platform/process/clock.ts';
import { z } from 'zod';
import type { UploadContext } from '../context.ts';
import { failPhoto } from './fail-photo.ts';
import type { Upload } from './upload.ts';
import { deleteIntent, findUpload } from './upload-store.ts';

const discarded = z.object({ photoId: z.guid(), originalKey: z.string() });

/** No request that knew the intent is still at work by then. */
const lateAfterSeconds = 3600;

/** Removes once more what a request may have written or registered after its intent was taken away. */
export const sweepDiscardedJob: JobKind<z.output<typeof discarded>> = {
  name: 'sweep-discarded',
  data: discarded,
  ...patient,
  retryDelaySeconds: 5,
  retryDelayMaxSeconds: 300,
  timeoutSeconds: 60,
};

/** Takes an intent and its original away; false when somebody accepted it meanwhile. */
export async function discardIntent(ctx: UploadContext, upload: Upload): Promise<boolean> {
  const { photo_id: photoId, original_key: originalKey } = upload;
  const isDeleted = await transact(ctx.db, async (tx) => {
    if (!(await deleteIntent(tx, photoId))) return false;
    const startAfter = addSeconds(ctx.clock.now(), lateAfterSeconds);
    await ctx.jobs.send(tx, sweepDiscardedJob, { photoId, originalKey }, { startAfter });
    return true;
  });
  if (!isDeleted && (await findUpload(ctx.db, photoId)) !== undefined) return false;
  await ctx.objects.delete({ bucket: 'originals', key: originalKey });
  return true;
}

export async function sweepDiscarded(ctx: UploadContext, data: z.output<typeof discarded>): Promise<void> {
  await ctx.objects.delete({ bucket: 'originals', key: data.originalKey });
  await failPhoto(ctx, { photoId: data.photoId, reason: 'UPLOAD_ABANDONED' });
}
