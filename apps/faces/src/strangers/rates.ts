import type { PairGroup, Weights } from './pair-groups.ts';

/** Pairs at a distance or nearer, each once. */
export function countWithin({ distances }: Pick<PairGroup, 'distances'>, distance: number): number {
  let [low, high] = [0, distances.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((distances[middle] ?? 0) <= distance) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The share of a group's pairs at a distance or nearer; NaN for a group that weighs nothing. */
export function rateWithin(group: PairGroup, distance: number, weights: Weights): number {
  const count = countWithin(group, distance);
  let sum = 0;
  for (let i = 0; i < count; i++) sum += weightAt(group, i, weights);
  return sum / group.weightOf(weights);
}

/**
 * The largest distance at which at most this share of the pairs lies: the middle between the last pair that fits and the
 * first that does not, so that neither one's rounding decides.
 */
export function distanceAtRate(group: PairGroup, rate: number, weights: Weights): number {
  const { distances } = group;
  const allowed = rate * group.weightOf(weights);
  let [sum, here, before] = [0, 0, 0];
  for (let i = 0; i < distances.length; i++) {
    const weight = weightAt(group, i, weights);
    // What was not drawn is not there.
    if (weight === 0) continue;
    const distance = distances[i] ?? 0;
    // Pairs at one distance are let through together or not at all.
    if (distance > here) [before, here] = [here, distance];
    sum += weight;
    // A rounding error is no pair.
    if (sum > allowed + 1e-9) return before === 0 ? distance * (1 - 1e-6) : (before + distance) / 2;
  }
  return here;
}

/** The smallest distance within which at least this share of the pairs lies; infinite when so many were never found. */
export function distanceFinding(group: PairGroup, share: number, weights: Weights): number {
  const wanted = share * group.weightOf(weights);
  if (!(wanted > 0)) return Number.NaN;
  let sum = 0;
  for (let i = 0; i < group.distances.length; i++) {
    sum += weightAt(group, i, weights);
    if (sum >= wanted - 1e-9) return group.distances[i] ?? Number.NaN;
  }
  return Number.POSITIVE_INFINITY;
}

/** The rate at which as many strangers are let through as true pairs are missed. */
export function equalErrorRate(strangers: PairGroup, trues: PairGroup, weights: Weights): number {
  const [strangersAll, truesAll] = [strangers.weightOf(weights), trues.weightOf(weights)];
  let [wrong, right, next] = [0, 0, 0];
  for (let i = 0; i < strangers.distances.length; i++) {
    const distance = strangers.distances[i] ?? 0;
    wrong += weightAt(strangers, i, weights);
    for (; (trues.distances[next] ?? Number.POSITIVE_INFINITY) <= distance && next < trues.distances.length; next++) {
      right += weightAt(trues, next, weights);
    }
    const [letThrough, missed] = [wrong / strangersAll, 1 - right / truesAll];
    if (letThrough >= missed) return (letThrough + missed) / 2;
  }
  return Number.NaN;
}

function weightAt({ leftUnits, rightUnits }: PairGroup, i: number, weights: Weights): number {
  return (weights[leftUnits[i] ?? 0] ?? 0) * (weights[rightUnits[i] ?? 0] ?? 0);
}
