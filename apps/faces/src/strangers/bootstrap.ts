import { seededRandom } from '../calibrate/fit-strangers.ts';
import { breathe } from './cohorts.ts';
import type { Weights } from './pair-groups.ts';

export const DRAWS = 200;

/** A figure with the 95 % interval that drawing people anew leaves it. */
export interface Measured {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Of the draws; 0 with less than two. */
  readonly variance: number;
}

interface UnitCount {
  readonly people: number;
  readonly photos: number;
}

/** Everyone and every photo once. */
export function evenWeights({ people, photos }: UnitCount): Weights {
  return new Float64Array(people + photos + 1).fill(1);
}

/** As many people as there are and as many photos, each drawn with replacement. */
export function drawWeights({ people, photos }: UnitCount, random: () => number): Weights {
  const weights = new Float64Array(people + photos + 1);
  weights[people + photos] = 1;
  const draw = (from: number, count: number) => {
    for (let i = 0; i < count; i++) {
      const unit = from + Math.floor(random() * count);
      weights[unit] = (weights[unit] ?? 0) + 1;
    }
  };
  draw(0, people);
  draw(people, photos);
  return weights;
}

/**
 * Measures on all people, and how far each figure moves when people and photos are drawn anew: pairs lean on each other by the
 * people in them, so whole people are drawn (B. Efron 1979). The same in every run.
 */
export async function measureWithIntervals(
  units: UnitCount,
  figuresOf: (weights: Weights) => ReadonlyMap<string, number>,
  stop: AbortSignal,
  draws = DRAWS,
): Promise<(name: string) => Measured> {
  const random = seededRandom(1);
  const values = figuresOf(evenWeights(units));
  const drawn: ReadonlyMap<string, number>[] = [];
  for (let i = 0; i < draws; i++) {
    await breathe(stop);
    drawn.push(figuresOf(drawWeights(units, random)));
  }
  return (name) => ({
    value: values.get(name) ?? Number.NaN,
    ...spreadOf(drawn.map((figures) => figures.get(name) ?? Number.NaN)),
  });
}

/** A draw in which a group had no pairs says nothing of it. */
function spreadOf(values: readonly number[]): Omit<Measured, 'value'> {
  const known = values.filter(Number.isFinite).sort((a, b) => a - b);
  if (known.length < 2) return { low: Number.NaN, high: Number.NaN, variance: 0 };
  const at = (share: number) => known[Math.round((known.length - 1) * share)] ?? Number.NaN;
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const variance = known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (known.length - 1);
  return { low: at(0.025), high: at(0.975), variance };
}
