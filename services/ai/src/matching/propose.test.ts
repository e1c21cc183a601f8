import { dlibCalibration, mobilefacenetCalibration } from '@kilas/face-engine/distances/calibration.ts';
import { distanceOfLevel, falseMatchRate } from '@kilas/face-engine/distances/level.ts';
import { expect, test } from 'vitest';
import { SURE_SHARE } from './propose.ts';

test.each([
  ['mobilefacenet-192-v1', mobilefacenetCalibration],
  ['dlib-128-v1', dlibCalibration],
])('%s: what an index found by chance among 100,000 faces is not taken for the person', (_, calibration) => {
  const sureDistance = SURE_SHARE * calibration.candidateDistanceMax;
  expect(100_000 * falseMatchRate(calibration, sureDistance)).toBeLessThan(0.5);
});

test('pictures of one person that are shown in an event of 60,000 faces spare the exact search, or nearly', () => {
  const sureDistance = SURE_SHARE * mobilefacenetCalibration.candidateDistanceMax;
  expect(sureDistance).toBeGreaterThan(distanceOfLevel(mobilefacenetCalibration, 8));
});
