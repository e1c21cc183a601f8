import { expect, test } from 'vitest';
import { fivePointsOf } from './five-points.ts';

/** 68 points, each at (its number, twice its number). */
const points68 = Array.from({ length: 68 }, (_, i) => ({ x: i, y: 2 * i }));

test('both layouts know the same five points', () => {
  const five = fivePointsOf({ layout: '68', points: points68 });
  expect(five).toEqual({
    rightEye: { x: 38.5, y: 77 },
    leftEye: { x: 44.5, y: 89 },
    nose: { x: 30, y: 60 },
    mouthRight: { x: 48, y: 96 },
    mouthLeft: { x: 54, y: 108 },
  });
  const points = [five.rightEye, five.leftEye, five.nose, five.mouthRight, five.mouthLeft];
  expect(fivePointsOf({ layout: '5', points })).toEqual(five);
});

test('landmarks that lack a point are no face', () => {
  expect(() => fivePointsOf({ layout: '5', points: points68.slice(0, 4) })).toThrow('lack point 4');
});
