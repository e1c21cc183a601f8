import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { createClient } from '@connectrpc/connect';
import { FaceService } from '@kilas/contracts/gen/kilas/ai/v1/face_service_pb.js';
import { noteThing } from '@kilas/platform/telemetry/spans.ts';
import type { UploadContext } from '../context.ts';
import { finalReason } from '../final-reason.ts';
import { findUpload } from '../uploads/upload-store.ts';

const recogniseTimeoutMs = 120_000;

/** Has ai find the faces of a photo; comes again until ai has looked or has refused, of which ai itself tells photo. */
export async function recognisePhoto(
  ctx: UploadContext,
  { photoId }: { photoId: string },
  signal: AbortSignal,
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
        uploadedAt: timestampFromDate(upload.created_at),
      },
      { timeoutMs: recogniseTimeoutMs, signal },
    );
  } catch (error) {
    const reason = finalReason(error);
    if (reason === undefined) throw error;
    ctx.log.info({ photoId, reason }, 'ai refused a photo');
  }
}
