import type { AnalysedFace, ImageAnalysis } from '../analysis/analyse-image.ts';

export type SelfieRefusal =
  | 'no_face'
  | 'many_faces'
  | 'cut_off'
  | 'too_small'
  | 'too_dark'
  | 'too_bright'
  | 'too_blurry'
  | 'not_frontal'
  | 'not_clear';
export type SelfieVerdict = { ok: true; face: AnalysedFace } | { ok: false; reason: SelfieRefusal };

/** In the photos measured no false box scores above 0.4, and no whole, lit face below 0.6. */
export const selfieScoreMin = 0.6;

/** Someone else is far behind when this small beside the one in front: the longer side of the boxes compared. */
export const passerBySizeMax = 1 / 3;

/** Beside others, the face must lie in the middle of the picture, so far from each edge, as a share of the side. */
export const centreMargin = 1 / 6;

export const selfieInsideMin = 0.9;
export const selfieEyeDistanceMinPx = 40;
export const selfieExposureMin = 0.12;
export const selfieExposureMax = 0.88;
export const selfieBurntMax = 0.3;
export const selfieSharpnessMin = 0.0012;
export const selfieYawMaxDeg = 32;
export const selfiePitchMaxDeg = 30;

/**
 * Whether an image will do as a facecam: one face, whole, large, well lit, sharp, frontal and plain enough; the first failing rule is the
 * reason. Whom a template is made of is never guessed: others in the picture must be passers-by, a third of the size at most,
 * with the face itself in the middle, or the selfie is refused. `yawMaxDeg` is how far the face may be turned.
 */
export function judgeSelfie(analysis: ImageAnalysis, yawMaxDeg = selfieYawMaxDeg): SelfieVerdict {
  const [face, ...others] = analysis.faces
    .filter(({ score }) => score >= selfieScoreMin)
    .sort((a, b) => sizeOf(b) - sizeOf(a));
  if (!face) return { ok: false, reason: 'no_face' };
  if (others.length > 0 && !(isFarSmaller(others, face) && isCentral(face, analysis))) {
    return { ok: false, reason: 'many_faces' };
  }
  const reason = faultOf(face, yawMaxDeg);
  return reason === undefined ? { ok: true, face } : { ok: false, reason };
}

function faultOf({ quality, isSure, isSteady }: AnalysedFace, yawMaxDeg: number): SelfieRefusal | undefined {
  if (quality.insideShare < selfieInsideMin) return 'cut_off';
  if (quality.eyeDistancePx < selfieEyeDistanceMinPx) return 'too_small';
  if (quality.exposure < selfieExposureMin) return 'too_dark';
  if (quality.exposure > selfieExposureMax || quality.burntShare > selfieBurntMax) return 'too_bright';
  if (quality.sharpness < selfieSharpnessMin) return 'too_blurry';
  if (Math.abs(quality.yawDeg) > yawMaxDeg) return 'not_frontal';
  if (Math.abs(quality.pitchDeg) > selfiePitchMaxDeg) return 'not_frontal';
  // A template decides by itself: what may only be asked about is never one.
  if (!isSure) return 'not_frontal';
  if (!isSteady) return 'not_clear';
  return undefined;
}

function isFarSmaller(others: readonly AnalysedFace[], face: AnalysedFace): boolean {
  return others.every((other) => sizeOf(other) <= sizeOf(face) * passerBySizeMax);
}

function isCentral({ box }: AnalysedFace, image: { width: number; height: number }): boolean {
  const across = (box.x + box.width / 2) / image.width;
  const down = (box.y + box.height / 2) / image.height;
  return [across, down].every((share) => share >= centreMargin && share <= 1 - centreMargin);
}

function sizeOf({ box }: AnalysedFace): number {
  return Math.max(box.width, box.height);
}
