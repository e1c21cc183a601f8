import type { AnalysedFace } from '@kilas/face-engine/analysis/analyse-image.ts';
import {
  type CaptureFault,
  type CaptureStep,
  frameYawMaxDeg,
  judgeCapture,
} from '@kilas/face-engine/selfies/judge-capture.ts';
import { judgeSelfie } from '@kilas/face-engine/selfies/judge-selfie.ts';
import { refuseFaultyImage } from '../analysis/refuse-image.ts';
import type { AiContext } from '../context.ts';
import { listCalibrations } from '../packs/pack-store.ts';
import { thingOf } from './facecam.ts';
import { isFromAPhoto } from './is-from-a-photo.ts';

/** What was asked, and the frames of all steps in their order, as many for each. */
export interface Capture {
  readonly memberId: string;
  readonly steps: readonly CaptureStep[];
  readonly frames: readonly Uint8Array[];
}

export interface CaptureRejection {
  readonly rejection: CaptureFault | 'challenge_unclear' | 'from_a_photo';
  /** From 1. */
  readonly step: number;
}

/**
 * Says why the frames of a capture challenge do not prove that the person of the selfie was before the camera; undefined when they do.
 * Stores nothing. Refuses with IMAGE_BROKEN, IMAGE_TOO_LARGE, IMAGE_QUARANTINED, AI_BUSY.
 */
export async function inspectCapture(
  ctx: AiContext,
  selfie: AnalysedFace,
  { memberId, steps, frames }: Capture,
  signal: AbortSignal,
): Promise<CaptureRejection | undefined> {
  const packId = ctx.packs.currentId;
  const perStep = frames.length / steps.length;
  const faces: AnalysedFace[] = [];
  for (const [i, frame] of frames.entries()) {
    const step = Math.floor(i / perStep) + 1;
    const turn = { line: 'selfies', whose: memberId, thing: thingOf(frame), signal } as const;
    const verdict = await ctx.analyser
      .run(turn, async (analyse) => judgeSelfie(await analyse(frame), frameYawMaxDeg))
      .catch(refuseFaultyImage);
    if (!verdict.ok) return { rejection: 'challenge_unclear', step };
    // Public previews show people turned, and with closed eyes, too.
    if (await isFromAPhoto(ctx, packId, verdict.face)) return { rejection: 'from_a_photo', step };
    faces.push(verdict.face);
  }
  const capture = steps.map((step, i) => ({ step, frames: faces.slice(i * perStep, (i + 1) * perStep) }));
  const verdict = judgeCapture(selfie, capture, (await listCalibrations(ctx.db))(packId));
  return verdict.ok ? undefined : { rejection: verdict.reason, step: verdict.step };
}
