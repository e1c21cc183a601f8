import type { FaceDetector } from '../packs/face-pack.ts';
import type { Pyramid } from '../pixels/pyramid.ts';
import { lookCloser } from './closer-look.ts';
import type { Detection } from './detection.ts';

/** The face as large as the detector sees best: it has gaps between its sizes. */
const faceInCellPx = [56, 80];

/** A candidate and a closer look together: less than a look alone must say, see docs/faces.md for what was measured. */
const confirmedScoreMin = 0.4;

/**
 * Looks closer at what may be faces, each turned as it was seen: many side by side in one view, each as large as the detector sees
 * best. Answers those that are, with the box of the closer look, certain, and the others as they were.
 */
export async function confirmFaces<Candidate extends Detection>(
  detector: FaceDetector,
  pyramid: Pyramid,
  candidates: readonly Candidate[],
): Promise<{ faces: Candidate[]; rejected: Candidate[]; pixelCount: number }> {
  const spots = candidates.flatMap(({ box, turnDeg }) => faceInCellPx.map((facePx) => ({ box, turnDeg, facePx })));
  const { seen, pixelCount } = await lookCloser((views) => detector.detect(views), pyramid, spots);
  const faces: Candidate[] = [];
  const rejected: Candidate[] = [];
  for (const [i, candidate] of candidates.entries()) {
    const looks = seen.slice(i * faceInCellPx.length, (i + 1) * faceInCellPx.length).flat();
    const sure = looks.filter(({ score }) => score >= confirmedScoreMin);
    faces.push(...sure.map(({ box, score }) => ({ ...candidate, box, score: Math.max(score, detector.certainMin) })));
    if (sure.length === 0) rejected.push(candidate);
  }
  return { faces, rejected, pixelCount };
}
