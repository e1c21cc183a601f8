import { Code, ConnectError } from '@connectrpc/connect';
import { isDiskFull } from '@kilas/platform/machine-fault.ts';
import { ObjectMissing } from '@kilas/platform/objects.ts';
import { noteThing } from '@kilas/platform/telemetry/spans.ts';
import { transact } from '@kilas/platform/transact.ts';
import type { UploadContext } from '../context.ts';
import type { Upload } from '../uploads/upload.ts';
import { findUpload, markFailed, raiseDeriveCountMax, startDeriving } from '../uploads/upload-store.ts';
import { failPhoto } from './fail-photo.ts';
import { fetchOriginal } from './fetch-original.ts';
import { publishPhotoJob } from './jobs.ts';
import { makeCompressed, UndecodableImage } from './make-compressed.ts';
import { makePreview, makeThumbnail } from './make-preview.ts';
import { readHeader } from './read-header.ts';

/**
 * Makes a photo's images and hands it over to be published. Each image is written once under the key that its row holds, so
 * this may be repeated, and run twice at once. A picture that cannot be decoded fails at once; any other error is tried
 * again, until the row's tries are used up.
 */
export async function derivePhoto(
  ctx: UploadContext,
  { photoId }: { photoId: string },
  signal: AbortSignal,
): Promise<void> {
  noteThing('photo', photoId);
  const upload = await startDeriving(ctx.db, { photoId, now: ctx.clock.now() });
  if (upload === undefined) return;
  // Started more often than a run was able to say why: the process dies of this picture.
  if (upload.derive_count > upload.derive_count_max) return fail(ctx, upload, 'PROCESSING_FAILED');
  try {
    await deriveImages(ctx, upload, signal);
  } catch (error) {
    if (error instanceof UndecodableImage) return fail(ctx, upload, 'IMAGE_BROKEN');
    if (isDiskFull(error) || (error instanceof ConnectError && error.code === Code.Unavailable)) {
      // The storage is away or has no room, which says nothing of the picture: this start does not count.
      await raiseDeriveCountMax(ctx.db, photoId);
      throw error;
    }
    if (error instanceof ObjectMissing) return fail(ctx, upload, 'ORIGINAL_MISSING');
    // Nor does a worker that stops.
    if (signal.aborted || upload.derive_count < upload.derive_count_max) throw error;
    ctx.log.error({ err: error, photoId }, 'a photo used up its tries');
    return fail(ctx, upload, 'PROCESSING_FAILED');
  }
}

async function deriveImages(ctx: UploadContext, upload: Upload, signal: AbortSignal): Promise<void> {
  await ctx.spool.withFolder(async (folder) => {
    const original = await fetchOriginal(ctx, upload, folder);
    const header = await readHeader(ctx, original);
    signal.throwIfAborted();
    const compressed = await makeCompressed(ctx, upload, original);
    signal.throwIfAborted();
    await makePreview(ctx, upload, compressed);
    await makeThumbnail(ctx, upload, compressed);
    const { width, height } = compressed;
    const job = { photoId: upload.photo_id, width, height, ...header };
    await transact(ctx.db, (tx) => ctx.jobs.send(tx, publishPhotoJob, job));
  });
}

/** Photo is told first: should the process die in between, the job comes again and ends here again. */
async function fail(ctx: UploadContext, upload: Upload, reason: string): Promise<void> {
  const { photo_id: photoId, derive_count: deriveCount } = upload;
  const current = await findUpload(ctx.db, photoId);
  if (current?.state !== 'accepted' || current.derive_count !== deriveCount) return;
  await failPhoto(ctx, { photoId, reason });
  await markFailed(ctx.db, { photoId, deriveCount, reason, now: ctx.clock.now() });
}
