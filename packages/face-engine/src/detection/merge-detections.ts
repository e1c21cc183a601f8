import { type Box, overlapOf, sharedArea } from '../pixels/rgb-image.ts';
import type { Detection } from './detection.ts';

/** Intersection over union above which two boxes are one face. */
const sameFaceOverlap = 0.4;
/** Share of the smaller box inside the larger one above which it is a part of the same face. */
const partOfFaceOverlap = 0.75;
/** Two boxes of about one size whose middles are nearer than this share of it are one face, which two looks placed apart. */
const sameMiddle = 0.45;

/** Greedy non-maximum suppression over all views: of boxes that show one face the best score stays, best first. */
export function mergeDetections<Found extends Detection>(detections: readonly Found[]): Found[] {
  const kept: Found[] = [];
  for (const detection of detections.toSorted((a, b) => b.score - a.score)) {
    if (!kept.some(({ box }) => showSameFace(box, detection.box))) kept.push(detection);
  }
  return kept;
}

function showSameFace(a: Box, b: Box): boolean {
  const shared = sharedArea(a, b);
  if (shared === 0) return false;
  const smaller = Math.min(a.width * a.height, b.width * b.height);
  return haveOneMiddle(a, b) || overlapOf(a, b) > sameFaceOverlap || shared > partOfFaceOverlap * smaller;
}

function haveOneMiddle(a: Box, b: Box): boolean {
  const [sideA, sideB] = [Math.max(a.width, a.height), Math.max(b.width, b.height)];
  if (Math.max(sideA, sideB) > 2 * Math.min(sideA, sideB)) return false;
  const dx = a.x + a.width / 2 - b.x - b.width / 2;
  const dy = a.y + a.height / 2 - b.y - b.height / 2;
  return Math.hypot(dx, dy) < (sameMiddle * (sideA + sideB)) / 2;
}
