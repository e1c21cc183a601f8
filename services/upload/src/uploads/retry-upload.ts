import { refuse } from '@kilas/messages/refuse.ts';
import { transact } from '@kilas/platform/db/transact.ts';
import type { Transaction } from 'kysely';
import type { UploadContext } from '../context.ts';
import type { UploadSchema } from '../db/schema.ts';
import { derivePhotoJob } from './jobs.ts';
import { photoPriority, someNumber } from './photo-turn.ts';
import { registerPhoto } from './register-photo.ts';
import type { Upload } from './upload.ts';
import { findUploadOfCreator, markRetried } from './upload-store.ts';

/** Tries a creator's failed photo again. Refuses with PHOTO_NOT_FOUND, UPLOAD_NOT_FAILED, or what photo says against it. */
export async function retryUpload(ctx: UploadContext, input: { photoId: string; creatorId: string }): Promise<void> {
  const upload = await findUploadOfCreator(ctx.db, input);
  if (upload === undefined || upload.state === 'intended') refuse('PHOTO_NOT_FOUND');
  if (upload.state !== 'failed' || !(await retry(ctx, upload))) refuse('UPLOAD_NOT_FAILED');
}

/** False when somebody else did it, or it has not failed. Should the process die after the first step, it can be repeated. */
export async function retry(ctx: UploadContext, upload: Upload): Promise<boolean> {
  const refusal = await registerPhoto(ctx, upload);
  if (refusal !== undefined) throw refusal.error;
  return transact(ctx.db, (tx) => deriveAgain(ctx, tx, upload.photo_id, ['failed']));
}

/** Has the images made that are missing, and what follows from them; false when the photo is in none of the states given. */
export async function deriveAgain(
  { jobs, clock }: Pick<UploadContext, 'jobs' | 'clock'>,
  tx: Transaction<UploadSchema>,
  photoId: string,
  from: readonly Upload['state'][],
): Promise<boolean> {
  const now = clock.now();
  const isRetried = await markRetried(tx, { photoId, now }, from);
  if (isRetried) await jobs.send(tx, derivePhotoJob, { photoId }, { priority: photoPriority(now, someNumber) });
  return isRetried;
}
