import type { FaceDetector } from '../packs/face-pack.ts';
import type { Pyramid } from '../pixels/pyramid.ts';
import { lookCloser } from './closer-look.ts';
import type { Detection } from './detection.ts';

/** The face as large as the detector sees best: it has gaps between its sizes. */
const faceInCellPx = [56, 80];

/** A hint and a closer look together: less than a look alone must say, see docs/faces.md for what was measured. */
const confirmedScoreMin = 0.4;

/**
 * Looks closer at what may be faces, each turned as it was seen: many side by side in one view, each as large as the detector sees
 * best. Answers those that are, with the box of the closer look, certain, and the others as they were.
 */
export async function confirmFaces<Hint extends Detection>(
  detector: FaceDetector,
  pyramid: Pyramid,
  hints: readonly Hint[],
): Promise<{ faces: Hint[]; rejected: Hint[]; pixelCount: number }> {
  const spots = hints.flatMap(({ box, turnDeg }) => faceInCellPx.map((facePx) => ({ box, turnDeg, facePx })));
  const { seen, pixelCount } = await lookCloser((views) => detector.detect(views), pyramid, spots);
  const faces: Hint[] = [];
  const rejected: Hint[] = [];
  for (const [i, hint] of hints.entries()) {
    const looks = seen.slice(i * faceInCellPx.length, (i + 1) * faceInCellPx.length).flat();
    const sure = looks.filter(({ score }) => score >= confirmedScoreMin);
    faces.push(...sure.map(({ box, score }) => ({ ...hint, box, score: Math.max(score, detector.certainMin) })));
    if (sure.length === 0) rejected.push(hint);
  }
  return { faces, rejected, pixelCount };
}
