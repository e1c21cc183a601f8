import { expect, test } from 'vitest';
import { seededRandom } from '../calibrate/fit-strangers.ts';
import type { PairGroup } from './pair-groups.ts';
import { countWithin, distanceAtRate, distanceFinding, equalErrorRate, rateWithin } from './rates.ts';

/** Pairs 0.1, 0.2 … 1 of ten people, each pair of a person and the next one. */
const ten = groupOf(Array.from({ length: 10 }, (_, i) => (i + 1) / 10));
const even = new Float64Array(11).fill(1);

function groupOf(distances: readonly number[]): PairGroup {
  const leftUnits = Uint32Array.from(distances, (_, i) => i % 10);
  const rightUnits = Uint32Array.from(distances, (_, i) => (i % 10) + 1);
  const weightOf = (weights: Float64Array) =>
    leftUnits.reduce((sum, left, i) => sum + (weights[left] ?? 0) * (weights[rightUnits[i] ?? 0] ?? 0), 0);
  return { name: 'ten', distances: Float64Array.from(distances), leftUnits, rightUnits, weightOf };
}

test('a pair at the cut is let through', () => {
  expect(countWithin(ten, 0.3)).toBe(3);
  expect(countWithin(ten, 0.29)).toBe(2);
  expect(rateWithin(ten, 0.3, even)).toBeCloseTo(0.3, 12);
});

test('a pair weighs as often as both of its people were drawn', () => {
  const weights = Float64Array.of(2, 3, 0, 1, 1, 1, 1, 1, 1, 1, 1);
  expect(rateWithin(ten, 0.1, weights)).toBeCloseTo(6 / 13, 12);
  expect(rateWithin(ten, 0.2, weights)).toBeCloseTo(6 / 13, 12);
});

test('the cut of a rate lies between the last pair that fits and the first that does not', () => {
  expect(distanceAtRate(ten, 0.3, even)).toBeCloseTo(0.35, 12);
  expect(distanceAtRate(ten, 0.39, even)).toBeCloseTo(0.35, 12);
  expect(countWithin(ten, distanceAtRate(ten, 0.05, even))).toBe(0);
});

test('pairs at one distance are let through together or not at all', () => {
  const tied = groupOf([0.1, 0.2, 0.2, 0.2, 0.5, 0.6, 0.7, 0.8, 0.9, 1]);
  expect(countWithin(tied, distanceAtRate(tied, 0.4, even))).toBe(4);
  expect(countWithin(tied, distanceAtRate(tied, 0.3, even))).toBe(1);
});

test('the cut that finds a share finds at least that, and lies nowhere when too many were never found', () => {
  expect(distanceFinding(ten, 0.95, even)).toBe(1);
  expect(distanceFinding(ten, 0.5, even)).toBe(0.5);
  const lost = groupOf([0.1, 0.2, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
  expect(distanceFinding(lost, 0.5, even)).toBe(0.2);
  expect(distanceFinding(lost, 0.75, even)).toBe(Number.POSITIVE_INFINITY);
});

test('two normal distributions have the equal error rate of their closed form', () => {
  const random = seededRandom(9);
  const normals = (mean: number) =>
    Array.from(
      { length: 40_000 },
      () => mean + 0.1 * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()),
    ).sort((a, b) => a - b);
  // Means three deviations apart: a normal distribution exceeds 1.5 of them in 6.68 % of cases.
  expect(equalErrorRate(groupOf(normals(0.8)), groupOf(normals(0.5)), even)).toBeCloseTo(0.0668, 2);
});
