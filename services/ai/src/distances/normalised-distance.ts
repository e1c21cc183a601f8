import { l2Distance } from '@kilas/face-engine/distances/distance.ts';

/**
 * The middle of many faces under one pack. What lies near to it, faces that are blurred, turned away or much like most others, lies
 * near to everyone; what lies far from it lies far from everyone.
 */
export interface TypicalFace {
  readonly embedding: Float32Array;
  /** How far from it faces lie on average, as L2 distance. */
  readonly usualDistance: number;
}

/** How much farther than usual a face is at most taken to lie from the typical one: no distance is shortened by more. */
export const farBeyondUsual = 0.12;

/**
 * Distance of two faces as it would be if both lay as far from the typical face as faces usually do: the L2 distance, less half of
 * what each lies farther from it, more half of what each lies nearer to it. Never below 0, and at most farBeyondUsual below the L2 distance.
 * Without a typical face it is the L2 distance. The mean-only form of score normalisation by a cohort (S-norm; Kenny, 2010), with
 * the mean of the cohort in the place of its faces; docs/faces.md says what that was measured to give.
 */
export function normalisedDistance(a: Float32Array, b: Float32Array, typical: TypicalFace | undefined): number {
  return distanceBetween(placeFace(a, typical), placeFace(b, typical));
}

/** A face with what its distances are corrected by, for whoever compares it often. */
export interface PlacedFace {
  readonly embedding: Float32Array;
  /** How much farther than usual it lies from the typical face; below 0 when nearer, at most farBeyondUsual. */
  readonly beyondUsual: number;
}

export function placeFace(embedding: Float32Array, typical: TypicalFace | undefined): PlacedFace {
  if (typical === undefined) return { embedding, beyondUsual: 0 };
  const beyondUsual = l2Distance(embedding, typical.embedding) - typical.usualDistance;
  return { embedding, beyondUsual: Math.min(beyondUsual, farBeyondUsual) };
}

/** The normalised distance of two faces that were placed by the same typical face. */
export function distanceBetween(a: PlacedFace, b: PlacedFace): number {
  return Math.max(0, l2Distance(a.embedding, b.embedding) - (a.beyondUsual + b.beyondUsual) / 2);
}

/** The typical face of these. Throws without any. */
export function typicalOf(embeddings: readonly Float32Array[]): TypicalFace {
  const [first] = embeddings;
  if (first === undefined) throw new Error('there is no typical one among no faces');
  const embedding = meanOf(embeddings, first.length);
  const sum = embeddings.reduce((total, face) => total + l2Distance(face, embedding), 0);
  return { embedding, usualDistance: sum / embeddings.length };
}

/**
 * What several facecams of one person say together: the mean direction of their embeddings, as long as they are on average. One
 * search by it finds more than a search by each, and lets through fewer strangers. Throws without any.
 */
export function likenessOf(embeddings: readonly Float32Array[]): Float32Array {
  const [first] = embeddings;
  if (first === undefined) throw new Error('there is no likeness without facecams');
  if (embeddings.length === 1) return first;
  const mean = meanOf(embeddings, first.length);
  const usual = embeddings.reduce((sum, embedding) => sum + Math.hypot(...embedding), 0) / embeddings.length;
  const length = Math.hypot(...mean);
  if (!(length > 0)) throw new Error('the facecams have no direction in common');
  return mean.map((value) => (value / length) * usual);
}

function meanOf(embeddings: readonly Float32Array[], size: number): Float32Array {
  const sum = new Float64Array(size);
  for (const embedding of embeddings) for (let i = 0; i < size; i++) sum[i] = (sum[i] ?? 0) + (embedding[i] ?? 0);
  return Float32Array.from(sum, (value) => value / embeddings.length);
}
