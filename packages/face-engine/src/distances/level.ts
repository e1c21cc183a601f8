import type { Calibration } from './calibration.ts';

const erfcTerms = [
  -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223,
  0.17087277,
];

/** The share of strangers, 0..1, who are at this distance or nearer, as the pack compares: normalised where it has a typical face. */
export function falseMatchRate({ strangers }: Pick<Calibration, 'strangers'>, distance: number): number {
  return complementaryError((strangers.mean - distance) / strangers.sd / Math.SQRT2) / 2;
}

/** The largest distance within which at most this share of strangers lies; the inverse of falseMatchRate for rates in (0, 1). */
export function distanceAtFalseMatchRate(calibration: Pick<Calibration, 'strangers'>, rate: number): number {
  let [low, high] = [0, 2 * calibration.strangers.mean];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (falseMatchRate(calibration, middle) < rate) low = middle;
    else high = middle;
  }
  return low;
}

/**
 * Level 1 (the loosest stored) to 9 (the strictest) by the false-match rate of the distance, or 0 for no match: a fixed
 * function of the distance.
 */
export function levelOf(calibration: Calibration, distance: number): number {
  if (distance > calibration.candidateDistanceMax) return 0;
  const rate = falseMatchRate(calibration, distance);
  return Math.max(calibration.levelRates.filter((largest) => rate <= largest).length, 1);
}

/** The largest distance that still has this level (1–9). */
export function distanceOfLevel(calibration: Calibration, level: number): number {
  const rate = calibration.levelRates[level - 1];
  if (rate === undefined) throw new Error(`there is no level ${level}`);
  const { candidateDistanceMax } = calibration;
  if (level === 1) return candidateDistanceMax;
  return Math.min(distanceAtFalseMatchRate(calibration, rate), candidateDistanceMax);
}

/** erfc, relative error below 1.2e-7 everywhere. Source: Press et al., Numerical Recipes, 2nd ed., 6.2 (`erfcc`). */
function complementaryError(x: number): number {
  const t = 1 / (1 + Math.abs(x) / 2);
  const series = erfcTerms.reduceRight((sum, term) => term + t * sum, 0);
  const tail = t * Math.exp(-x * x + series);
  return x >= 0 ? tail : 2 - tail;
}
