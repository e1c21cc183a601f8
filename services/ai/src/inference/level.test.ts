import { expect, test } from 'vitest';
import {
  CANDIDATE_DISTANCE_MAX,
  distanceAtFalseMatchRate,
  distanceOfLevel,
  falseMatchRate,
  LEVEL_MAX,
  levelOf,
} from './level.ts';

const DISTANCES = Array.from({ length: 1200 }, (_, i) => i / 1000);

test('a nearer face never has more strangers nor a lower level', () => {
  for (const [i, distance] of DISTANCES.slice(1).entries()) {
    const nearer = DISTANCES[i] ?? 0;
    expect(falseMatchRate(nearer)).toBeLessThan(falseMatchRate(distance));
    expect(levelOf(nearer)).toBeGreaterThanOrEqual(levelOf(distance));
  }
});

test('the loosest stored match is level 1, what is beyond it is none, and every level occurs', () => {
  expect(levelOf(CANDIDATE_DISTANCE_MAX)).toBe(1);
  expect(levelOf(CANDIDATE_DISTANCE_MAX + 1e-9)).toBe(0);
  expect(levelOf(0)).toBe(LEVEL_MAX);
  expect(new Set(DISTANCES.map(levelOf))).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
});

test('one stranger in two thousand is within dlib’s cut, and two levels stand for a tenth of them', () => {
  expect(falseMatchRate(0.6)).toBeCloseTo(5e-4, 4);
  for (let level = 1; level + 2 <= LEVEL_MAX; level++) {
    const ratio = falseMatchRate(distanceOfLevel(level)) / falseMatchRate(distanceOfLevel(level + 2));
    expect(ratio).toBeCloseTo(10, 4);
  }
});

test('a distance has the level whose limit it is', () => {
  for (let level = 1; level <= LEVEL_MAX; level++) expect(levelOf(distanceOfLevel(level))).toBe(level);
  expect(() => distanceOfLevel(10)).toThrow('no level 10');
});

test.each([1e-8, 8.3e-6, 5e-4, 0.2, 0.5])('the distance at a false-match rate of %d has that rate', (rate) => {
  expect(falseMatchRate(distanceAtFalseMatchRate(rate)) / rate).toBeCloseTo(1, 6);
});

test('the normal tail agrees with its table', () => {
  const threeSdBelow = 0.83 - 3 * 0.07;
  expect(falseMatchRate(threeSdBelow)).toBeCloseTo(0.0013499, 7);
  expect(falseMatchRate(0.83 + 0.07)).toBeCloseTo(0.841345, 5);
});
