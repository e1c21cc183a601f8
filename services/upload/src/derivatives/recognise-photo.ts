import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { createClient } from '@connectrpc/connect';
import { FaceService } from '@kilas/contracts/gen/kilas/ai/v1/face_service_pb.js';
import { MatchService } from '@kilas/contracts/gen/kilas/photo/v1/match_service_pb.js';
import type { JobRun } from '@kilas/platform/jobs/jobs.ts';
import { noteThing } from '@kilas/platform/telemetry/spans.ts';
import type { UploadContext } from '../context.ts';
import { finalReason } from '../final-reason.ts';
import { findUpload } from '../uploads/upload-store.ts';

const recogniseTimeoutMs = 120_000;

/**
 * Has ai find the faces of a photo; comes again until ai has looked or has refused, of which ai itself tells photo. When all tries are
 * used up, photo is told here.
 */
export async function recognisePhoto(
  ctx: UploadContext,
  { data: { photoId }, signal, isLastAttempt }: Pick<JobRun<{ photoId: string }>, 'data' | 'signal' | 'isLastAttempt'>,
): Promise<void> {
  noteThing('photo', photoId);
  const upload = await findUpload(ctx.db, photoId);
  if (upload === undefined) return;
  try {
    await createClient(FaceService, ctx.peers('ai')).processPhoto(
      {
        photoId,
        creatorId: upload.creator_id,
        ...(upload.event_id === null ? {} : { eventId: upload.event_id }),
        compressedKey: upload.compressed_key,
        processedKey: upload.processed_key,
        previewKey: upload.preview_key,
        uploadedAt: timestampFromDate(upload.created_at),
      },
      { timeoutMs: recogniseTimeoutMs, signal },
    );
  } catch (error) {
    const reason = finalReason(error);
    if (reason === undefined) {
      if (isLastAttempt) {
        const photos = createClient(MatchService, ctx.peers('photo'));
        await photos.failRecognition({ photoId, reason: 'PROCESSING_FAILED' });
      }
      // The job counts as failed, so that an operator sees it.
      throw error;
    }
    ctx.log.warn({ photoId, reason }, 'ai refused a photo');
  }
}
