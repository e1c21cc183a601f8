/**
 * Distances of different people, as a normal distribution. Where data ends: on 1,092 pairs of labelled different people
 * none is nearer than 0.611, 0.9 % are below 0.65 and 6 % below 0.70 (mean 0.83). Where the model begins: below 0.61
 * everything is this curve, whose spread is chosen to meet the 5e-4 that dlib's users saw at 0.6 among 30 M faces. It
 * speaks of strangers at large: people alike (same age, same region, same light) are taken for each other more often.
 */
const STRANGER_DISTANCE_MEAN = 0.83;
const STRANGER_DISTANCE_SD = 0.07;

/** Beyond it nothing is stored: dlib's own cut. */
export const CANDIDATE_DISTANCE_MAX = 0.6;
export const LEVEL_MAX = 9;

/** Each level allows √10 times fewer strangers than the one below it. */
const LEVELS_PER_DECADE = 2;

const ERFC_TERMS = [
  -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223,
  0.17087277,
];

/** The largest distance of each level, from level 1 (0.600) to level 9 (about 0.457). */
const LEVEL_DISTANCES: readonly number[] = Array.from({ length: LEVEL_MAX }, (_, i) =>
  i === 0
    ? CANDIDATE_DISTANCE_MAX
    : distanceAtFalseMatchRate(falseMatchRate(CANDIDATE_DISTANCE_MAX) * 10 ** (-i / LEVELS_PER_DECADE)),
);

/** The share of strangers, 0..1, who are at this L2 distance or nearer. */
export function falseMatchRate(distance: number): number {
  return complementaryError((STRANGER_DISTANCE_MEAN - distance) / STRANGER_DISTANCE_SD / Math.SQRT2) / 2;
}

/** The L2 distance within which this share of strangers lies; the inverse of falseMatchRate for rates in (0, 1). */
export function distanceAtFalseMatchRate(rate: number): number {
  let [low, high] = [0, 2 * STRANGER_DISTANCE_MEAN];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (falseMatchRate(middle) < rate) low = middle;
    else high = middle;
  }
  return high;
}

/** Level 1 (the loosest stored) to 9 (the strictest), or 0 for no match. */
export function levelOf(distance: number): number {
  return LEVEL_DISTANCES.filter((largest) => distance <= largest).length;
}

/** The largest distance that still has this level (1–9). */
export function distanceOfLevel(level: number): number {
  const distance = LEVEL_DISTANCES[level - 1];
  if (distance === undefined) throw new Error(`there is no level ${level}`);
  return distance;
}

/** erfc, relative error below 1.2e-7 everywhere. Source: Press et al., Numerical Recipes, 2nd ed., 6.2 (`erfcc`). */
function complementaryError(x: number): number {
  const t = 1 / (1 + Math.abs(x) / 2);
  const series = ERFC_TERMS.reduceRight((sum, term) => term + t * sum, 0);
  const tail = t * Math.exp(-x * x + series);
  return x >= 0 ? tail : 2 - tail;
}
