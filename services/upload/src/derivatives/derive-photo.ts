import { Code, ConnectError } from '@connectrpc/connect';
import { PictureError } from '@kilas/pictures/picture-error.ts';
import { transact } from '@kilas/platform/db/transact.ts';
import { ObjectMissing } from '@kilas/platform/objects/objects.ts';
import { isDiskFull } from '@kilas/platform/problems/machine-fault.ts';
import { HeldElsewhere, Quarantined, type TakeTurn } from '@kilas/platform/risky-work/risky-work.ts';
import { noteThing } from '@kilas/platform/telemetry/spans.ts';
import type { UploadContext } from '../context.ts';
import { inBackground } from '../images/decode-places.ts';
import { failPhoto } from '../uploads/fail-photo.ts';
import type { Upload } from '../uploads/upload.ts';
import { findUpload, markFailed, raiseDeriveCountMax, startDeriving } from '../uploads/upload-store.ts';
import { fetchOriginal } from './fetch-original.ts';
import { publishPhotoJob } from './jobs.ts';
import { makeCompressed } from './make-compressed.ts';
import { makePreviews } from './make-previews.ts';
import { readHeader } from './read-header.ts';

/**
 * Makes a photo's images and hands it over to be published. Each image is written once under the key that its row holds, so
 * this may be repeated, and run twice at once. A picture that cannot be decoded fails at once, and so does one of which processes
 * died; any other error is tried again, until the row's tries are used up.
 */
export async function derivePhoto(
  ctx: UploadContext,
  { photoId }: { photoId: string },
  signal: AbortSignal,
): Promise<void> {
  noteThing('photo', photoId);
  const upload = await startDeriving(ctx.db, { photoId, now: ctx.clock.now() });
  if (upload === undefined) return;
  try {
    const takeTurn: TakeTurn = (go) => ctx.decodes.run(inBackground, go);
    await ctx.risky.run(`photo/${photoId}`, signal, () => deriveImages(ctx, upload, signal), takeTurn);
  } catch (error) {
    if (error instanceof Quarantined) return fail(ctx, upload, { reason: 'IMAGE_QUARANTINED', error });
    if (error instanceof PictureError) return fail(ctx, upload, { reason: 'IMAGE_BROKEN', error });
    if (saysNothingOfThePicture(error)) {
      // This start does not count.
      await raiseDeriveCountMax(ctx.db, photoId);
      throw error;
    }
    if (error instanceof ObjectMissing) return fail(ctx, upload, { reason: 'ORIGINAL_MISSING', error });
    // Nor does a worker that stops.
    if (signal.aborted || upload.derive_count < upload.derive_count_max) throw error;
    return fail(ctx, upload, { reason: 'PROCESSING_FAILED', error });
  }
}

/** The storage is away or has no room, or another process is still at work. */
function saysNothingOfThePicture(error: unknown): boolean {
  if (isDiskFull(error) || error instanceof HeldElsewhere) return true;
  return error instanceof ConnectError && error.code === Code.Unavailable;
}

async function deriveImages(ctx: UploadContext, upload: Upload, signal: AbortSignal): Promise<void> {
  await ctx.spool.withFolder(async (folder) => {
    const original = await fetchOriginal(ctx, upload, folder);
    const header = await readHeader(ctx, original);
    signal.throwIfAborted();
    const compressed = await makeCompressed(ctx, upload, original);
    signal.throwIfAborted();
    const thumbhash = Buffer.from(await makePreviews(ctx, upload, compressed)).toString('base64');
    const { width, height } = compressed;
    const job = { photoId: upload.photo_id, width, height, thumbhash, ...header };
    await transact(ctx.db, (tx) => ctx.jobs.send(tx, publishPhotoJob, job));
  });
}

/** Photo is told first: should the process die in between, the job comes again and ends here again. */
async function fail(
  ctx: UploadContext,
  upload: Upload,
  { reason, error }: { reason: string; error: unknown },
): Promise<void> {
  const { photo_id: photoId, derive_count: deriveCount } = upload;
  const current = await findUpload(ctx.db, photoId);
  if (current?.state !== 'accepted' || current.derive_count !== deriveCount) return;
  ctx.log.warn({ err: error, photoId, reason }, 'a photo failed after it was accepted');
  await failPhoto(ctx, { photoId, reason });
  await markFailed(ctx.db, { photoId, deriveCount, reason, now: ctx.clock.now() });
}
