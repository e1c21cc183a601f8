import { falseMatchRate } from '@kilas/face-engine/distances/level.ts';
import { expect, test } from 'vitest';
import { fitStrangers, movedTo, type Pair, seededRandom } from './fit-strangers.ts';

const random = seededRandom(7);

function normal(mean: number, sd: number): number {
  return mean + sd * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Pairs of photos in each of which people resemble each other by chance more or less. */
function makePairs(groupCount: number, perGroup: number, alikeSd = 0): Pair[] {
  return Array.from({ length: groupCount }, (_, g) => {
    const shift = normal(0, alikeSd);
    return Array.from({ length: perGroup }, () => ({ distance: normal(0.83, 0.07) + shift, group: `photo ${g}` }));
  }).flat();
}

test('the near tail of a normal distribution gives the distribution back', () => {
  const { strangers } = fitStrangers(makePairs(500, 40));
  expect(strangers.mean).toBeCloseTo(0.83, 2);
  expect(strangers.sd).toBeCloseTo(0.07, 2);
});

test('how far strangers are who are not alike at all does not change the tail', () => {
  const pairs = makePairs(500, 40);
  const { strangers } = fitStrangers(pairs);
  const apart = pairs.map((pair) => (pair.distance > 0.9 ? { ...pair, distance: pair.distance + 0.3 } : pair));
  expect(fitStrangers(apart).strangers).toEqual(strangers);
});

test('pairs that lean on each other make the rate less sure, and the interval holds the truth', () => {
  const truth = falseMatchRate({ strangers: { model: 'normal', mean: 0.83, sd: 0.07 } }, 0.6);
  const independent = fitStrangers(makePairs(400, 20)).rateInterval(0.6);
  const leaning = fitStrangers(makePairs(20, 400, 0.06)).rateInterval(0.6);
  const width = (interval: typeof leaning) => Math.log((interval?.high ?? 1) / (interval?.low ?? 1));
  expect(independent?.low).toBeLessThan(truth);
  expect(independent?.high).toBeGreaterThan(truth);
  expect(width(leaning)).toBeGreaterThan(2 * width(independent));
  expect(fitStrangers(makePairs(5, 400)).rateInterval(0.6)).toBeUndefined();
});

test('a curve is moved until it gives a rate at a distance', () => {
  const moved = movedTo({ model: 'normal', mean: 0.83, sd: 0.07 }, 0.6, 1e-3);
  expect(falseMatchRate({ strangers: moved }, 0.6)).toBeCloseTo(1e-3, 9);
  expect(moved.sd).toBe(0.07);
});
