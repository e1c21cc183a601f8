import { l2Distance } from '@kilas/face-engine/distances/distance.ts';
import { type ComparedFaces, placeInFolds } from './cohorts.ts';
import type { CrowdFaces } from './measure-faces.ts';

/** Faces of the cohort that lie nearest to a face, and say how near strangers come to it. */
const NEAREST = 100;
/** On a scale of its own between 0 and 16, which is what pairs are kept with: only the order of distances counts in what is compared. */
const SCALE = { middle: 8, spread: 0.2 };

interface AsNormFace {
  readonly embedding: Float32Array;
  /** Mean and standard deviation of the L2 distances to the nearest faces of the cohort. */
  readonly mean: number;
  readonly sd: number;
}

/**
 * Adaptive symmetric score normalisation (Matejka et al., "Analysis of Score Normalization in Multilingual Speaker Recognition",
 * 2017) by the crowd's own sure group faces: what the typical face is compared with. It does not serve.
 */
export async function asNormCohort(
  crowd: CrowdFaces,
  options: { stop: AbortSignal; onStep(what: string): void },
): Promise<ComparedFaces<AsNormFace>> {
  const placeBy = (cohort: readonly Float32Array[]) => (embedding: Float32Array) => placeByNearest(cohort, embedding);
  return { ...(await placeInFolds(crowd, placeBy, options)), distance: asNormDistance };
}

export function placeByNearest(cohort: readonly Float32Array[], embedding: Float32Array): AsNormFace {
  const distances = Float64Array.from(cohort, (other) => l2Distance(embedding, other))
    .sort()
    .subarray(0, NEAREST);
  const mean = distances.reduce((sum, distance) => sum + distance, 0) / distances.length;
  const variance = distances.reduce((sum, distance) => sum + (distance - mean) ** 2, 0) / distances.length;
  return { embedding, mean, sd: Math.sqrt(variance) };
}

export function asNormDistance(a: AsNormFace, b: AsNormFace): number {
  const distance = l2Distance(a.embedding, b.embedding);
  return SCALE.middle + (SCALE.spread * ((distance - a.mean) / a.sd + (distance - b.mean) / b.sd)) / 2;
}
