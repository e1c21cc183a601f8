import { normalisedDistance, type TypicalFace } from '@kilas/ai/distances/normalised-distance.ts';
import type { AnalysedFace, ImageAnalysis } from '@kilas/face-engine/analysis/analyse-image.ts';
import type { Calibration } from '@kilas/face-engine/distances/calibration.ts';
import {
  distanceAtFalseMatchRate,
  distanceOfLevel,
  falseMatchRate,
  levelOf,
} from '@kilas/face-engine/distances/level.ts';
import { judgeSelfie } from '@kilas/face-engine/selfies/judge-selfie.ts';
import { isShownByDefault, usualCut } from '@kilas/matching/default-cut.ts';

/** Faces in the galleries for which it is said what would be shown: one alone, an evening, a marathon. */
export const gallerySizes = [1, 1_000, 60_000] as const;

/** A member is shown a photo by a face, asked whether it is them, or told nothing. */
export type Shown = 'yes' | 'asked' | 'no';

export interface ExplainedPair {
  /** Number of the face in the photo, from 1. */
  readonly number: number;
  readonly face: AnalysedFace;
  /** Normalised, as the service matches by. */
  readonly distance: number;
  readonly level: number;
  readonly falseMatchRate: number;
  /** By default, for each of `gallerySizes`. */
  readonly shown: readonly Shown[];
}

/** The largest distance that is shown by default among so many faces. */
export function cutDistance(calibration: Calibration, facesSearched: number): number {
  const { levelMin, strangersMax } = usualCut();
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

/** Each face of a photo beside the face of a selfie, the nearest first. `typical` is the pack's, if it has one. */
export function explainPairs(
  photo: Pick<ImageAnalysis, 'faces'>,
  selfie: Pick<AnalysedFace, 'embedding'>,
  { calibration, typical }: { calibration: Calibration; typical: TypicalFace | undefined },
): ExplainedPair[] {
  const pairs = photo.faces.map((face, i) => {
    const distance = normalisedDistance(face.embedding, selfie.embedding, typical);
    const match = {
      level: levelOf(calibration, distance),
      falseMatchRate: falseMatchRate(calibration, distance),
    };
    const near: Shown = face.isSure ? 'yes' : 'asked';
    const shown = gallerySizes.map((size) => (isShownByDefault(usualCut(), match, size) ? near : 'no'));
    return { number: i + 1, face, distance, ...match, shown };
  });
  return pairs.sort((a, b) => a.distance - b.distance);
}
