import {
  type Calibration,
  dlibCalibration,
  mobilefacenetCalibration,
} from '@kilas/face-engine/distances/calibration.ts';
import { falseMatchRate } from '@kilas/face-engine/distances/level.ts';
import { expect, test } from 'vitest';
import { listCuts } from '../strangers/default-cut.ts';
import { carefulCurve } from './careful-curve.ts';
import { type Fit, type StrangerModel, seededRandom } from './fit-strangers.ts';

const random = seededRandom(11);
const within = (low: number, high: number) => low + (high - low) * random();

/** A fit whose upper end is so many times its rate, more where fewer pairs lie. */
function fitOf(strangers: StrangerModel, unsure: number): Fit {
  const rateInterval = (distance: number) => {
    const rate = falseMatchRate({ strangers }, distance);
    return { low: rate / unsure, high: Math.min(rate * unsure ** (strangers.mean / distance), 0.9) };
  };
  return { strangers, rateInterval, pairCount: 5_000, groupCount: 100, nearestDistance: 0.8, tailDistance: 1.1 };
}

function makeFit(mean: number, sd: number, unsure = 1.5): Fit {
  return fitOf({ model: 'normal', mean, sd }, unsure);
}

/** Rates of a curve as a share of another one's, at distances from 0 to the farthest that is stored; the smallest. */
function smallestShare(curve: StrangerModel, other: StrangerModel, { candidateDistanceMax }: Calibration): number {
  const distances = Array.from({ length: 101 }, (_, i) => (candidateDistanceMax * i) / 100);
  const shares = distances.map(
    (distance) => falseMatchRate({ strangers: curve }, distance) / falseMatchRate({ strangers: other }, distance),
  );
  return Math.min(...shares);
}

test.each([
  ['mobilefacenet-192-v1', mobilefacenetCalibration],
  ['dlib-128-v1', dlibCalibration],
])('%s: whatever the photos are like, no distance is stated below the pack, nor below the fit', (_, pack) => {
  const decided = new Set<string>();
  const [{ distance: cut }] = listCuts(pack);
  const at = pack.candidateDistanceMax;
  for (let round = 0; round < 300; round++) {
    const mean = pack.strangers.mean * within(0.8, 1.2);
    const fit = makeFit(mean, pack.strangers.sd * within(0.5, 2), within(1, 4));
    const { strangers, decidedBy } = carefulCurve(fit, pack);
    decided.add(decidedBy);
    expect(smallestShare(strangers, pack.strangers, pack), `round ${round}`).toBeGreaterThan(1 - 1e-6);
    expect(smallestShare(strangers, fit.strangers, pack), `round ${round}`).toBeGreaterThan(1 - 1e-6);
    for (const distance of [at, cut]) {
      const high = fit.rateInterval(distance)?.high ?? 1;
      expect(falseMatchRate({ strangers }, distance) / high, `round ${round}`).toBeGreaterThan(1 - 1e-6);
    }
  }
  expect(decided).toEqual(new Set(['pack', 'fit', 'both']));
});

test('people who are less alike than the pack says leave its curve as it is', () => {
  const { mean, sd } = mobilefacenetCalibration.strangers;
  const { strangers, decidedBy } = carefulCurve(makeFit(mean + 0.1, 0.8 * sd), mobilefacenetCalibration);
  expect(decidedBy).toBe('pack');
  expect(strangers).toBe(mobilefacenetCalibration.strangers);
});

test('people who are more alike move it to the upper end of what their photos leave possible, and no further', () => {
  const { mean, sd } = mobilefacenetCalibration.strangers;
  const fit = makeFit(mean - 0.1, sd);
  const { strangers, decidedBy } = carefulCurve(fit, mobilefacenetCalibration);
  expect(decidedBy).toBe('fit');
  expect(strangers.sd).toBe(sd);
  const [{ distance: cut }] = listCuts(mobilefacenetCalibration);
  const excesses = [mobilefacenetCalibration.candidateDistanceMax, cut].map(
    (distance) => falseMatchRate({ strangers }, distance) / (fit.rateInterval(distance)?.high ?? 0),
  );
  expect(Math.min(...excesses)).toBeCloseTo(1, 6);
});

test('too few groups to say how sure the fit is leave the fit itself', () => {
  const { mean, sd } = mobilefacenetCalibration.strangers;
  const fit: Fit = { ...makeFit(mean - 0.1, sd), rateInterval: () => undefined };
  const { strangers } = carefulCurve(fit, mobilefacenetCalibration);
  expect(strangers.mean).toBeCloseTo(mean - 0.1, 9);
});
