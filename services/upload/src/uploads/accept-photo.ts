import { createReadStream } from 'node:fs';
import { refuse } from '@kilas/messages/refuse.ts';
import type { UploadContext } from '../context.ts';
import { judgeImage } from '../images/judge-image.ts';
import { takeAttempt } from '../limits.ts';
import type { SpooledFile } from '../spool/spool.ts';
import { completeIntent } from './complete-intent.ts';
import { titleOf } from './photo-form.ts';
import { retryUpload } from './retry-upload.ts';
import { newUpload, type PhotoFields, type Upload } from './upload.ts';
import { findUploadBySha256, insertIntent } from './upload-store.ts';

/** Each round but the last ends because somebody else took the same intent away meanwhile. */
const roundCountMax = 3;

export interface AcceptedPhoto {
  readonly photoId: string;
  /** False for bytes that this creator has sent before. */
  readonly isNew: boolean;
}

/**
 * Makes a received file a photo: its bytes are stored, photo knows it, its job exists. The same bytes of one creator are one
 * photo, also when they come twice at once: then both requests do the same work, and each step of it counts once.
 */
export async function acceptPhoto(
  ctx: UploadContext,
  input: { creatorId: string; fields: PhotoFields; fileName: string; file: SpooledFile; isTruncated: boolean },
): Promise<AcceptedPhoto> {
  const { creatorId, file, fields } = input;
  await takeAttempt(ctx.limits.photosByCreator, creatorId);
  if (input.isTruncated) {
    refuse('FILE_TOO_LARGE', { maxMebibytes: String(ctx.config.PHOTO_SIZE_MAX_BYTES / 1024 / 1024) });
  }
  const format = await judgeImage(file, { pixelsMax: ctx.config.PHOTO_PIXELS_MAX });
  const title = fields.title ?? titleOf(input.fileName);
  for (let round = 1; round <= roundCountMax; round++) {
    const intent = newUpload({ creatorId, fields, title, file, format, now: ctx.clock.now() });
    const own = await insertIntent(ctx.db, intent);
    const upload = own ?? (await findUploadBySha256(ctx.db, { creatorId, sha256: file.sha256 }));
    if (upload === undefined) continue;
    const isNew = own !== undefined;
    if (upload.state === 'accepted' || upload.state === 'processed') return { photoId: upload.photo_id, isNew: false };
    await storeOriginal(ctx, upload, file);
    if (upload.state === 'failed') return retryUpload(ctx, { photoId: upload.photo_id });
    const outcome = await completeIntent(ctx, upload);
    if (outcome.isAccepted) return { photoId: upload.photo_id, isNew };
    // An intent that a dead request left may have named an event that is no more; ours may name another one.
    if (isNew && outcome.error !== undefined) throw outcome.error;
  }
  return refuse('UPLOADS_BUSY', { retryAfterSeconds: '5' });
}

/** Written once; when the same bytes stand there already, that is what was wanted. */
async function storeOriginal(ctx: UploadContext, upload: Upload, file: SpooledFile): Promise<void> {
  const stream = createReadStream(file.path);
  try {
    await ctx.objects.write({ bucket: 'originals', key: upload.original_key }, stream);
  } finally {
    stream.destroy();
  }
}
