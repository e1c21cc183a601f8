import { dlibCalibration } from '@kilas/face-engine/distances/calibration.ts';
import { distanceOfLevel, falseMatchRate, levelOf } from '@kilas/face-engine/distances/level.ts';
import { isShownByDefault, usualCut } from '@kilas/matching/default-cut.ts';
import { expect, test } from 'vitest';
import { eventFaces, listCuts } from './default-cut.ts';

test('the default cut is as far as the rule that serves shows an event of ten thousand', () => {
  const [atDefault, ...levels] = listCuts(dlibCalibration);
  const isShown = (distance: number) => {
    const match = {
      level: levelOf(dlibCalibration, distance),
      falseMatchRate: falseMatchRate(dlibCalibration, distance),
    };
    return isShownByDefault(usualCut(), match, eventFaces);
  };
  expect(isShown(atDefault.distance)).toBe(true);
  expect(isShown(atDefault.distance + 1e-6)).toBe(false);
  expect(atDefault.stated).toBeCloseTo(5e-5, 8);
  expect(levels.map(({ distance }) => distance)).toEqual(
    [1, 2, 3, 4, 5, 6, 7, 8, 9].map((level) => distanceOfLevel(dlibCalibration, level)),
  );
});
