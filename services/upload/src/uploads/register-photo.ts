import { createClient } from '@connectrpc/connect';
import { PhotoService } from '@kilas/contracts/gen/kilas/photo/v1/photo_service_pb.js';
import type { UploadContext } from '../context.ts';
import { finalReason } from '../final-reason.ts';
import type { Upload } from './upload.ts';

/**
 * Tells photo of an upload, again if need be; a photo that failed is raw afterwards. Answers undefined, or photo's refusal
 * with its reason; throws when photo is away.
 */
export async function registerPhoto(
  ctx: UploadContext,
  upload: Upload,
): Promise<{ reason: string; error: unknown } | undefined> {
  const { latitude, longitude } = upload;
  try {
    await createClient(PhotoService, ctx.peers('photo')).registerPhoto({
      photoId: upload.photo_id,
      creatorId: upload.creator_id,
      ...(upload.event_id === null ? {} : { eventId: upload.event_id }),
      title: upload.title,
      description: upload.description,
      priceIdr: upload.price_idr,
      sale: upload.sale,
      ...(latitude === null || longitude === null ? {} : { place: { latitude, longitude } }),
      sha256: upload.sha256,
      sizeBytes: upload.size_bytes,
      format: upload.format,
      originalKey: upload.original_key,
      ...(upload.time_zone === null ? {} : { timeZone: upload.time_zone }),
    });
    return undefined;
  } catch (error) {
    const reason = finalReason(error);
    if (reason === undefined) throw error;
    return { reason, error };
  }
}
