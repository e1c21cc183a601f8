import { refuse } from '@kilas/messages/refuse.ts';
import type { UploadContext } from '../context.ts';
import { derivePhotoJob } from '../derivatives/jobs.ts';
import { findUploadOfCreator, markRetried } from './upload-store.ts';

/** Tries a failed photo again. Refuses with PHOTO_NOT_FOUND or, when it has not failed, UPLOAD_NOT_FAILED. */
export async function retryFailedUpload(
  ctx: UploadContext,
  input: { photoId: string; creatorId: string },
): Promise<void> {
  const upload = await findUploadOfCreator(ctx.db, input);
  if (upload === undefined || upload.state === 'intended') refuse('PHOTO_NOT_FOUND');
  if (!(await retry(ctx, input.photoId))) refuse('UPLOAD_NOT_FAILED');
}

/** Tries a photo again whose bytes were sent again after it had failed. */
export async function retryUpload(
  ctx: UploadContext,
  input: { photoId: string },
): Promise<{ photoId: string; isNew: false }> {
  await retry(ctx, input.photoId);
  return { photoId: input.photoId, isNew: false };
}

async function retry(ctx: UploadContext, photoId: string): Promise<boolean> {
  return ctx.db.transaction().execute(async (tx) => {
    const isRetried = await markRetried(tx, { photoId, now: ctx.clock.now() });
    if (isRetried) await ctx.jobs.send(tx, derivePhotoJob, { photoId });
    return isRetried;
  });
}
