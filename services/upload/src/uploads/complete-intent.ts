import { transact } from '@kilas/platform/db/transact.ts';
import type { UploadContext } from '../context.ts';
import { discardIntent } from './discard-intent.ts';
import { failPhoto } from './fail-photo.ts';
import { derivePhotoJob } from './jobs.ts';
import { photoPriority, someNumber } from './photo-turn.ts';
import { registerPhoto } from './register-photo.ts';
import type { Upload } from './upload.ts';
import { findUpload, markAccepted } from './upload-store.ts';

export type Completion =
  | { readonly isAccepted: true }
  /** The intent is gone; `error` is photo's refusal, if that was why. */
  | { readonly isAccepted: false; readonly error?: unknown };

/**
 * Registers an intent whose original stands in storage with photo, and accepts it with its job. Any number of requests and
 * sweepers may do this for one intent at once. `number` is which of its creator's photos of this hour it is. When photo refuses, intent and original are removed. Throws when photo is
 * away; the intent then waits for the sweeper.
 */
export async function completeIntent(ctx: UploadContext, upload: Upload, number = someNumber): Promise<Completion> {
  const refusal = await registerPhoto(ctx, upload);
  if (refusal !== undefined) {
    const isDiscarded = await discardIntent(ctx, upload);
    return isDiscarded ? { isAccepted: false, error: refusal.error } : { isAccepted: true };
  }
  const photoId = upload.photo_id;
  const now = ctx.clock.now();
  const isAccepted = await transact(ctx.db, async (tx) => {
    const isMarked = await markAccepted(tx, { photoId, now });
    if (isMarked) await ctx.jobs.send(tx, derivePhotoJob, { photoId }, { priority: photoPriority(now, number) });
    return isMarked;
  });
  if (isAccepted || (await findUpload(ctx.db, photoId)) !== undefined) return { isAccepted: true };
  // Somebody was refused, or found no original, just before: the photo that was registered now has no upload.
  await failPhoto(ctx, { photoId, reason: 'UPLOAD_ABANDONED' });
  await ctx.objects.delete({ bucket: 'originals', key: upload.original_key });
  return { isAccepted: false };
}
