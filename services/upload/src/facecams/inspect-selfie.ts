import { createClient } from '@connectrpc/connect';
import { FaceService } from '@kilas/contracts/gen/kilas/ai/v1/face_service_pb.js';
import { refuse } from '@kilas/messages/refuse.ts';
import type { UploadContext } from '../context.ts';
import { rejectionReason } from './facecam.ts';

const selfieTimeoutMs = 20_000;
const frameTimeoutMs = 4_000;

/** A selfie, and what the member was asked to do with the frames that are to show it; both empty without a challenge. */
export interface SelfieToInspect {
  readonly memberId: string;
  readonly selfie: Buffer;
  readonly steps: readonly string[];
  readonly frames: readonly Buffer[];
}

/** Refuses a selfie that will not do with what is wrong with it, or with its challenge; throws Unavailable when ai is busy or away. */
export async function inspectSelfie(ctx: UploadContext, input: SelfieToInspect): Promise<void> {
  const { memberId, selfie: image, steps, frames } = input;
  const { rejection, step } = await createClient(FaceService, ctx.peers('ai')).inspectFacecam(
    { memberId, image, steps: [...steps], frames: [...frames] },
    { timeoutMs: selfieTimeoutMs + frames.length * frameTimeoutMs },
  );
  if (rejection !== '') refuse(rejectionReason(rejection), { rejection, step: String(step) });
}
