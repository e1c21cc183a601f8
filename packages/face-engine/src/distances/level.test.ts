import { expect, test } from 'vitest';
import { type Calibration, calibrationSchema, dlibCalibration, levelMax } from './calibration.ts';
import * as level from './level.ts';

const { candidateDistanceMax } = dlibCalibration;
const falseMatchRate = (distance: number) => level.falseMatchRate(dlibCalibration, distance);
const distanceAtFalseMatchRate = (rate: number) => level.distanceAtFalseMatchRate(dlibCalibration, rate);
const levelOf = (distance: number) => level.levelOf(dlibCalibration, distance);
const distanceOfLevel = (which: number) => level.distanceOfLevel(dlibCalibration, which);

const DISTANCES = Array.from({ length: 1200 }, (_, i) => i / 1000);

test('a nearer face never has more strangers nor a lower level', () => {
  for (const [i, distance] of DISTANCES.slice(1).entries()) {
    const nearer = DISTANCES[i] ?? 0;
    expect(falseMatchRate(nearer)).toBeLessThan(falseMatchRate(distance));
    expect(levelOf(nearer)).toBeGreaterThanOrEqual(levelOf(distance));
  }
});

test('the loosest stored match is level 1, a farther one is none, and every level occurs', () => {
  expect(levelOf(candidateDistanceMax)).toBe(1);
  expect(levelOf(candidateDistanceMax + 1e-9)).toBe(0);
  expect(levelOf(0)).toBe(levelMax);
  expect(new Set(DISTANCES.map(levelOf))).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
});

test('one stranger in two thousand is within dlib’s cut, and two levels stand for a tenth of them', () => {
  expect(falseMatchRate(0.6)).toBeCloseTo(5e-4, 4);
  for (let which = 2; which + 2 <= levelMax; which++) {
    const ratio = falseMatchRate(distanceOfLevel(which)) / falseMatchRate(distanceOfLevel(which + 2));
    expect(ratio).toBeCloseTo(10, 4);
  }
});

test('a distance has the level whose limit it is', () => {
  for (let which = 1; which <= levelMax; which++) expect(levelOf(distanceOfLevel(which))).toBe(which);
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

test('a level says the same of strangers under another calibration, at other distances', () => {
  const alike: Calibration = { ...dlibCalibration, strangers: { model: 'normal', mean: 0.78, sd: 0.07 } };
  expect(level.distanceOfLevel(alike, 5)).toBeCloseTo(distanceOfLevel(5) - 0.05, 9);
  expect(level.levelOf(alike, 0.6)).toBe(1);
  const apart: Calibration = { ...dlibCalibration, strangers: { model: 'normal', mean: 1.2, sd: 0.05 } };
  expect(level.levelOf(apart, candidateDistanceMax)).toBe(levelMax);
  expect(level.levelOf(apart, candidateDistanceMax + 1e-9)).toBe(0);
});

test('a calibration whose levels do not become stricter is refused', () => {
  const levelRates = [...dlibCalibration.levelRates].reverse();
  expect(calibrationSchema.safeParse(dlibCalibration).success).toBe(true);
  expect(calibrationSchema.safeParse({ ...dlibCalibration, levelRates }).success).toBe(false);
});
