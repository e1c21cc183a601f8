import { createClient } from '@connectrpc/connect';
import { FaceService } from '@kilas/contracts/gen/kilas/ai/v1/face_service_pb.js';
import { refuse } from '@kilas/messages/refuse.ts';
import type { UploadContext } from '../context.ts';
import { rejectionReason } from './facecam.ts';

const inspectTimeoutMs = 20_000;

/** Refuses a selfie that will not do with what is wrong with it; throws Unavailable when ai is busy or away. */
export async function inspectSelfie(ctx: UploadContext, input: { memberId: string; selfie: Buffer }): Promise<void> {
  const { rejection } = await createClient(FaceService, ctx.peers('ai')).inspectFacecam(
    { memberId: input.memberId, image: input.selfie },
    { timeoutMs: inspectTimeoutMs },
  );
  if (rejection !== '') refuse(rejectionReason(rejection), { rejection });
}
