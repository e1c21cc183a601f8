import { fivePointsOf } from '../alignment/five-points.ts';
import type { Landmarks } from '../packs/face-pack.ts';
import type { Box, Point } from '../pixels/rgb-image.ts';
import type { FaceQuality } from './measure-quality.ts';

/**
 * Distance of the outer eye corners, as a share of the box's longer side, below which the head is turned so far that the chip is a
 * patch of skin.
 */
export const eyeCornersShareMin = 0.25;

/** The same for the centres of the eyes, where nothing else is known. */
export const eyesShareMin = 0.18;

/** With fewer pixels between the eyes an embedding says little of the person. */
export const SURE_EYE_DISTANCE_MIN_PX = 10;

/** Outer corners of the right and the left eye among 68 landmarks (iBUG 300-W). */
const rightCorner = 36;
const leftCorner = 45;

/** Why a face may not decide: a profile, or too few pixels between the eyes. */
export type UnsureReason = 'turned' | 'tiny';

interface LocatedFace {
  readonly landmarks: Landmarks;
  readonly box: Box;
  readonly quality: Pick<FaceQuality, 'eyeDistancePx'>;
}

/**
 * Whether a face may decide. One that may not is found and asked about ("is this you?"), never shown as a match and never
 * enrolled. Landmarks and box in pixels of the image. Throws for fewer points than the layout has.
 */
export function isSureFace(face: LocatedFace): boolean {
  return whyUnsure(face) === undefined;
}

/** Undefined for a face that may decide; as isSureFace. */
export function whyUnsure({ landmarks, box, quality }: LocatedFace): UnsureReason | undefined {
  if (quality.eyeDistancePx < SURE_EYE_DISTANCE_MIN_PX) return 'tiny';
  return isTurned(landmarks, Math.max(box.width, box.height)) ? 'turned' : undefined;
}

function isTurned(landmarks: Landmarks, side: number): boolean {
  if (landmarks.layout === '68') return cornersApart(landmarks) < eyeCornersShareMin * side;
  const { rightEye, leftEye } = fivePointsOf(landmarks);
  return apart(rightEye, leftEye) < eyesShareMin * side;
}

function cornersApart({ points }: Landmarks): number {
  const [right, left] = [points[rightCorner], points[leftCorner]];
  if (right === undefined || left === undefined) throw new Error('landmarks of layout 68 lack the corners of the eyes');
  return apart(right, left);
}

function apart(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
