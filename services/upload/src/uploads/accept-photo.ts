import { refuse } from '@kilas/messages/refuse.ts';
import { takeAttempt } from '@kilas/messages/take-attempt.ts';
import { transact } from '@kilas/platform/db/transact.ts';
import type { UploadContext } from '../context.ts';
import { finalReason } from '../final-reason.ts';
import { judgeImage } from '../images/judge-image.ts';
import { lookAtFile } from '../images/look-at-file.ts';
import type { SpooledFile } from '../spool/spool.ts';
import { completeIntent } from './complete-intent.ts';
import { deletePhotos } from './delete-photos.ts';
import { type KnownPhoto, readKnown } from './known-photo.ts';
import { titleOf } from './photo-form.ts';
import { registerPhoto } from './register-photo.ts';
import { retry } from './retry-upload.ts';
import { type Creator, newUpload, type PhotoFields, type Upload } from './upload.ts';
import { findUploadBySha256, insertIntent } from './upload-store.ts';

/** Each round but the last ends because somebody else took the same intent away meanwhile. */
const roundCountMax = 3;

export type AcceptedPhoto =
  | { readonly photoId: string; readonly isNew: true }
  /** Bytes that this creator has sent before. */
  | { readonly photoId: string; readonly isNew: false; readonly known: KnownPhoto };

/**
 * Makes a received file a photo: stores its bytes, tells photo, sends its job. The same bytes of one creator are one photo. When they come twice at
 * once, both requests do the same work, and each step counts once.
 */
export async function acceptPhoto(
  ctx: UploadContext,
  input: {
    creator: Creator;
    fields: PhotoFields;
    fileName: string;
    file: SpooledFile;
    isTruncated: boolean;
    /** The resumable upload that the file came by: that it came before by the same one makes it no duplicate. */
    receivedAs?: string;
  },
): Promise<AcceptedPhoto> {
  const { creator, file, fields, receivedAs } = input;
  const { creatorId } = creator;
  const number = await takeAttempt(ctx.limits.photosByCreator, creatorId);
  if (input.isTruncated) {
    refuse('FILE_TOO_LARGE', { maxMebibytes: String(ctx.config.PHOTO_SIZE_MAX_BYTES / 1024 / 1024) });
  }
  if (file.sizeBytes === 0) refuse('FILE_EMPTY');
  const format = await lookAtFile(ctx, { file, accountId: creatorId }, () => judgeImage(ctx, file.path));
  const title = fields.title ?? titleOf(input.fileName);
  for (let round = 1; round <= roundCountMax; round++) {
    const intent = newUpload({ creator, fields, title, file, format, receivedAs, now: ctx.clock.now() });
    const own = await insertIntent(ctx.db, intent);
    if (own !== undefined) {
      await storeOriginal(ctx, own, file);
      const outcome = await completeIntent(ctx, own, number);
      if (outcome.isAccepted) return { photoId: own.photo_id, isNew: true };
      if (outcome.error !== undefined) throw outcome.error;
      continue;
    }
    const known = await findUploadBySha256(ctx.db, { creatorId, sha256: file.sha256 });
    const accepted = known && (await acceptKnown(ctx, known, { file, fields, receivedAs }));
    if (accepted !== undefined) return accepted;
  }
  return refuse('UPLOADS_BUSY', { retryAfterSeconds: '5' });
}

/** The photo that the same bytes are; undefined when it or its intent is gone: then the bytes are a new one. */
async function acceptKnown(
  ctx: UploadContext,
  known: Upload,
  sent: { file: SpooledFile; fields: PhotoFields; receivedAs: string | undefined },
): Promise<AcceptedPhoto | undefined> {
  const { file, fields, receivedAs } = sent;
  const photoId = known.photo_id;
  try {
    if (!(await acceptAgain(ctx, known, file))) return undefined;
    if (receivedAs !== undefined && known.received_as === receivedAs) return { photoId, isNew: true };
    return { photoId, isNew: false, known: await readKnown(ctx, known, fields) };
  } catch (error) {
    if (finalReason(error) !== 'PHOTO_DELETED') throw error;
    // Photo tells it as an event, which is still on its way.
    await transact(ctx.db, (tx) => deletePhotos(ctx, tx, [photoId]));
    return undefined;
  }
}

/** What the same bytes do to the photo that they are; false when its intent is gone, of which nothing is left then. */
async function acceptAgain(ctx: UploadContext, known: Upload, file: SpooledFile): Promise<boolean> {
  switch (known.state) {
    case 'intended': {
      await storeOriginal(ctx, known, file);
      // A dead request may have named an event that is no more; that refusal is not for this one.
      return (await completeIntent(ctx, known)).isAccepted;
    }
    case 'failed': {
      await storeOriginal(ctx, known, file);
      await retry(ctx, known);
      return true;
    }
    case 'processed': {
      const refusal = await registerPhoto(ctx, known);
      if (refusal?.reason === 'PHOTO_REMOVED' || refusal?.reason === 'PHOTO_DELETED') throw refusal.error;
      return true;
    }
    case 'accepted':
      return true;
  }
}

/** Written once; when the same bytes stand there already, that is what was wanted. */
async function storeOriginal(ctx: UploadContext, upload: Upload, file: SpooledFile): Promise<void> {
  await ctx.objects.writeFile({ bucket: 'originals', key: upload.original_key }, file.path);
}
