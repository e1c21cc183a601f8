import type { AnalysedFace } from '../analysis/analyse-image.ts';
import { l2Distance } from '../distances/distance.ts';
import { dot, imprintOf } from '../imprints/imprint.ts';
import { eyeContrastOf } from './eye-contrast.ts';

/** What a person is asked to do before the camera; the sides are their own. */
export const captureSteps = ['turn_left', 'turn_right', 'blink'] as const;
export type CaptureStep = (typeof captureSteps)[number];

export type CaptureFault = 'challenge_other_person' | 'challenge_repeated' | 'challenge_not_followed';
/** `step` counts from 1. */
export type CaptureVerdict = { ok: true } | { ok: false; reason: CaptureFault; step: number };

export type CapturedFace = Pick<AnalysedFace, 'embedding' | 'luma'> & {
  quality: Pick<AnalysedFace['quality'], 'yawDeg'>;
};

/** A frame may be turned so far; an embedding still says who it is. */
export const frameYawMaxDeg = 50;

/** Against the selfie. Five points are ten degrees off, but the same for one person. */
export const turnMinDeg = 15;

/** The eyes' contrast in a frame with closed eyes, as a share of that in the selfie. */
export const closedShareMax = 0.5;

/**
 * Inner product of imprints, not laid upon each other, from which two pictures are one still: 0.99 and more when scaled and compressed anew.
 */
export const stillMin = 0.985;

/**
 * Whether frames show the person of the selfie do what was asked, step by step: in each at least one frame shows it, and none the turn to
 * the other side; no still serves two steps. The first failing step is the reason. Frames are of a camera that does not mirror.
 */
export function judgeCapture(
  selfie: CapturedFace,
  capture: readonly { readonly step: CaptureStep; readonly frames: readonly CapturedFace[] }[],
  { samePersonDistanceMax }: { readonly samePersonDistanceMax: number },
): CaptureVerdict {
  const isOther = ({ embedding }: CapturedFace) => l2Distance(embedding, selfie.embedding) > samePersonDistanceMax;
  let before = [imprintOf(selfie.luma)];
  for (const [i, { step, frames }] of capture.entries()) {
    const fault = (reason: CaptureFault): CaptureVerdict => ({ ok: false, reason, step: i + 1 });
    if (frames.some(isOther)) return fault('challenge_other_person');
    const imprints = frames.map(({ luma }) => imprintOf(luma));
    const isStill = imprints.some((imprint) => before.some((earlier) => dot(imprint, earlier) >= stillMin));
    if (isStill) return fault('challenge_repeated');
    if (!isFollowed(selfie, step, frames)) return fault('challenge_not_followed');
    before = [...before, ...imprints];
  }
  return { ok: true };
}

function isFollowed(selfie: CapturedFace, step: CaptureStep, frames: readonly CapturedFace[]): boolean {
  // Who turns to their own left turns to the right of a picture that is not mirrored.
  const turnOf = ({ quality }: CapturedFace) => quality.yawDeg - selfie.quality.yawDeg;
  if (step === 'blink') {
    const closedMax = closedShareMax * eyeContrastOf(selfie.luma);
    return frames.some((frame) => Math.abs(turnOf(frame)) < turnMinDeg && eyeContrastOf(frame.luma) <= closedMax);
  }
  const turns = frames.map((frame) => (step === 'turn_left' ? turnOf(frame) : -turnOf(frame)));
  return Math.max(...turns) >= turnMinDeg && Math.min(...turns) > -turnMinDeg;
}
