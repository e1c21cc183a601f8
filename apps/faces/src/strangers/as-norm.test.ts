import { expect, test } from 'vitest';
import { makeCrowd } from '../testing/synthetic-crowd.ts';
import { asNormCohort, asNormDistance, placeByNearest } from './as-norm.ts';
import { comparePairs } from './near-pairs.ts';

const stop = new AbortController().signal;

test('a face is placed by the mean and the spread of the hundred nearest of the cohort, and by no other', () => {
  // At the distances 1 to 300.
  const cohort = Array.from({ length: 300 }, (_, i) => Float32Array.of(i + 1));
  const { mean, sd } = placeByNearest(cohort, Float32Array.of(0));
  expect(mean).toBeCloseTo(50.5, 5);
  expect(sd).toBeCloseTo(Math.sqrt((100 ** 2 - 1) / 12), 5);
});

test('two faces to whom strangers come near are farther apart than two at the same distance to whom they do not', () => {
  const at = (value: number, mean: number) => ({ embedding: Float32Array.of(value), mean, sd: 0.05 });
  expect(asNormDistance(at(0, 0.9), at(0.8, 0.9))).toBeGreaterThan(asNormDistance(at(0, 1.2), at(0.8, 1.2)));
});

test('the pairs of a crowd are compared by it', async () => {
  const crowd = makeCrowd({
    photoCounts: Array.from({ length: 12 }, () => 4),
    groupCounts: Array.from({ length: 20 }, () => 8),
  });
  const near = await comparePairs(crowd, await asNormCohort(crowd, { stop, onStep: () => {} }), { stop });
  const [right, wrong] = [near.trues.distances, near.strangers.distances];
  expect(right.at(Math.floor(right.length / 2))).toBeLessThan(wrong[0] ?? 0);
});
