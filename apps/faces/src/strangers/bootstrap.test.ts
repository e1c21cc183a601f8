import { expect, test } from 'vitest';
import { seededRandom } from '../calibrate/fit-strangers.ts';
import { drawWeights, measureWithIntervals } from './bootstrap.ts';
import type { PairGroup } from './pair-groups.ts';
import { rateWithin } from './rates.ts';
import { PairList } from './sorted-pairs.ts';

const PEOPLE = 60;
const units = { people: PEOPLE, photos: 3 };
const random = seededRandom(11);
const never = new AbortController().signal;

function normal(): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Strangers of whom some are near to everybody: the distance of a pair is normal, with mean 1 and deviation 0.1. */
function makeWorld(): PairGroup {
  const own = Array.from({ length: PEOPLE }, () => 0.06 * normal());
  const rest = Math.sqrt(0.1 ** 2 - 2 * 0.06 ** 2);
  const pairs = new PairList();
  for (const [i, a] of own.entries()) {
    for (const [k, b] of own.slice(i + 1).entries()) pairs.add(1 + a + b + rest * normal(), i, i + 1 + k);
  }
  const { distances, left, right } = pairs.sorted();
  const weightOf = (weights: Float64Array) =>
    left.reduce((sum, person, i) => sum + (weights[person] ?? 0) * (weights[right[i] ?? 0] ?? 0), 0);
  return { name: 'world', distances, leftUnits: left, rightUnits: right, weightOf };
}

test('as many people are drawn as there are, and as many photos', () => {
  const weights = drawWeights(units, random);
  const sum = (from: number, to: number) => weights.slice(from, to).reduce((total, weight) => total + weight, 0);
  expect([sum(0, PEOPLE), sum(PEOPLE, PEOPLE + 3), weights.at(-1)]).toEqual([PEOPLE, 3, 1]);
});

test('nineteen intervals of twenty hold the truth, where intervals of independent pairs do not', async () => {
  // One in 44 of a normal distribution lies two deviations below its mean.
  const truth = 0.02275;
  let [held, naive] = [0, 0];
  for (let world = 0; world < 40; world++) {
    const group = makeWorld();
    const figuresOf = (weights: Float64Array) => new Map([['rate', rateWithin(group, 0.8, weights)]]);
    const { value, low, high } = (await measureWithIntervals(units, figuresOf, never))('rate');
    if (low <= truth && truth <= high) held += 1;
    const error = 1.96 * Math.sqrt((value * (1 - value)) / group.distances.length);
    if (Math.abs(value - truth) <= error) naive += 1;
  }
  expect(held).toBeGreaterThanOrEqual(34);
  expect(naive).toBeLessThan(28);
});

test('a draw without pairs says nothing', async () => {
  const of = await measureWithIntervals(units, () => new Map([['rate', Number.NaN]]), never);
  expect(of('rate')).toMatchObject({ value: Number.NaN, low: Number.NaN, high: Number.NaN });
});
