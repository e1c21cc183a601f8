import { createClient } from '@connectrpc/connect';
import { PhotoService } from '@kilas/contracts/gen/kilas/photo/v1/photo_service_pb.js';
import type { UploadContext } from '../context.ts';
import { finalReason } from '../final-reason.ts';

/** Tells photo that a photo failed; that photo does not know it, or took it away, is no error. */
export async function failPhoto(ctx: UploadContext, failure: { photoId: string; reason: string }): Promise<void> {
  try {
    await createClient(PhotoService, ctx.peers('photo')).failPhoto(failure);
  } catch (error) {
    if (finalReason(error) === undefined) throw error;
  }
}
