import { transact } from '@kilas/platform/db/transact.ts';
import type { Transaction } from 'kysely';
import type { UploadContext } from '../context.ts';
import type { UploadSchema } from '../db/schema.ts';
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
  const isAccepted = await transact(ctx.db, (tx) => accept(ctx, tx, photoId, number));
  if (isAccepted || (await findUpload(ctx.db, photoId)) !== undefined) return { isAccepted: true };
  // Somebody was refused, or found no original, just before: the photo that was registered now has no upload.
  await failPhoto(ctx, { photoId, reason: 'UPLOAD_ABANDONED' });
  await ctx.objects.delete({ bucket: 'originals', key: upload.original_key });
  return { isAccepted: false };
}

/** Accepts an intent with the job that makes its images; false when it is none any more. */
export async function accept(
  { jobs, clock }: Pick<UploadContext, 'jobs' | 'clock'>,
  tx: Transaction<UploadSchema>,
  photoId: string,
  number = someNumber,
): Promise<boolean> {
  const now = clock.now();
  const isMarked = await markAccepted(tx, { photoId, now });
  if (isMarked) await jobs.send(tx, derivePhotoJob, { photoId }, { priority: photoPriority(now, number) });
  return isMarked;
}
