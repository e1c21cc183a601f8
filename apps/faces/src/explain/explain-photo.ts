import type { AnalysedFace, ImageAnalysis } from '@kilas/ai/inference/analyse-image.ts';
import type { Calibration } from '@kilas/ai/inference/calibration.ts';
import { l2Distance } from '@kilas/ai/inference/distance.ts';
import { judgeSelfie } from '@kilas/ai/inference/judge-selfie.ts';
import { distanceAtFalseMatchRate, distanceOfLevel, falseMatchRate, levelOf } from '@kilas/ai/inference/level.ts';
import { defaultCut } from '@kilas/photo/config.ts';
import { isWithinDefault } from '@kilas/photo/matches/match-cut.ts';

/** Faces in the galleries for which it is said what would be shown: one alone, an evening, a marathon. */
export const gallerySizes = [1, 1_000, 60_000] as const;

export interface ExplainedPair {
  /** Number of the face in the photo, from 1. */
  readonly number: number;
  readonly face: AnalysedFace;
  readonly distance: number;
  readonly level: number;
  readonly falseMatchRate: number;
  /** Whether it is shown by default, for each of `gallerySizes`. */
  readonly isShown: readonly boolean[];
}

/** The largest distance that is shown by default among so many faces. */
export function cutDistance(calibration: Calibration, facesSearched: number): number {
  const { levelMin, strangersMax } = defaultCut();
  const rate = Math.min(strangersMax / facesSearched, 0.999);
  return Math.min(distanceOfLevel(calibration, levelMin), distanceAtFalseMatchRate(calibration, rate));
}

/** The face that a selfie is judged by, or would be if it were taken: the largest one. */
export function faceOfSelfie(analysis: ImageAnalysis): { face: AnalysedFace; refusal?: string } | undefined {
  const verdict = judgeSelfie(analysis);
  if (verdict.ok) return { face: verdict.face };
  const [largest] = analysis.faces.toSorted((a, b) => b.box.width * b.box.height - a.box.width * a.box.height);
  return largest === undefined ? undefined : { face: largest, refusal: verdict.reason };
}

/** Each face of a photo beside the face of a selfie, the nearest first. */
export function explainPairs(photo: ImageAnalysis, selfie: AnalysedFace, calibration: Calibration): ExplainedPair[] {
  const pairs = photo.faces.map((face, i) => {
    const distance = l2Distance(face.embedding, selfie.embedding);
    const match = {
      level: levelOf(calibration, distance),
      falseMatchRate: falseMatchRate(calibration, distance),
      facecamCount: 1,
    };
    const isShown = gallerySizes.map((size) => isWithinDefault(defaultCut(), match, size));
    return { number: i + 1, face, distance, ...match, isShown };
  });
  return pairs.sort((a, b) => a.distance - b.distance);
}
