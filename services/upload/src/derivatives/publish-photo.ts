import { createClient } from '@connectrpc/connect';
import { PhotoService } from '@kilas/contracts/gen/kilas/photo/v1/photo_service_pb.js';
import { transact } from '@kilas/platform/db/transact.ts';
import { noteThing } from '@kilas/platform/telemetry/spans.ts';
import type { z } from 'zod';
import type { UploadContext } from '../context.ts';
import { finalReason } from '../final-reason.ts';
import { failPhoto } from '../uploads/fail-photo.ts';
import { findUpload, markFailed, markProcessed } from '../uploads/upload-store.ts';
import { type publishPhotoJob, recognisePhotoJob } from './jobs.ts';

/** Puts a photo on sale whose images stand, then has it recognised; waits for photo as long as it takes. */
export async function publishPhoto(
  ctx: UploadContext,
  data: z.output<(typeof publishPhotoJob)['data']>,
): Promise<void> {
  const { capturedField, thumbhash, ...photo } = data;
  const { photoId } = photo;
  noteThing('photo', photoId);
  const upload = await findUpload(ctx.db, photoId);
  if (upload?.state !== 'accepted') return;
  try {
    await createClient(PhotoService, ctx.peers('photo')).publishPhoto({
      ...photo,
      ...(capturedField === undefined ? {} : { capturedFrom: capturedField }),
      previewKey: upload.preview_key,
      thumbnailKey: upload.thumbnail_key,
      ...(upload.preview_small_key === null ? {} : { previewSmallKey: upload.preview_small_key }),
      ...(upload.thumbnail_small_key === null ? {} : { thumbnailSmallKey: upload.thumbnail_small_key }),
      ...(thumbhash === undefined ? {} : { thumbhash: Buffer.from(thumbhash, 'base64') }),
    });
  } catch (error) {
    const reason = finalReason(error);
    if (reason === undefined) throw error;
    ctx.log.warn({ err: error, photoId, reason }, 'a photo failed after it was accepted');
    await failPhoto(ctx, { photoId, reason });
    await markFailed(ctx.db, { photoId, deriveCount: upload.derive_count, reason, now: ctx.clock.now() });
    return;
  }
  await transact(ctx.db, async (tx) => {
    const isMarked = await markProcessed(tx, { photoId, now: ctx.clock.now() });
    if (isMarked) await ctx.jobs.send(tx, recognisePhotoJob, { photoId });
  });
}
