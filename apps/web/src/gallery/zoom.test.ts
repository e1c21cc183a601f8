import { expect, test } from 'vitest';
import { fitting, inside, wholePhoto, zoomedAt, zoomMax } from './zoom.ts';

const screen = { width: 400, height: 800 };

test('the spot under a finger stays under it', () => {
  const point = { x: 80, y: -120 };
  const before = { scale: 1.5, x: 10, y: 20 };
  const after = zoomedAt(before, 3, point);
  expect((point.x - after.x) / after.scale).toBeCloseTo((point.x - before.x) / before.scale, 9);
  expect((point.y - after.y) / after.scale).toBeCloseTo((point.y - before.y) / before.scale, 9);
});

test('photos of any shape are all seen at first', () => {
  expect(fitting(4, screen)).toEqual({ width: 400, height: 100 });
  expect(fitting(0.25, screen)).toEqual({ width: 200, height: 800 });
});

test('nobody drags a photo off the screen, or makes it smaller than it fits', () => {
  const photo = fitting(1, screen);
  expect(inside({ scale: 2, x: 900, y: 900 }, photo, screen)).toEqual({ scale: 2, x: 200, y: 0 });
  expect(inside({ scale: 0.4, x: 50, y: 50 }, photo, screen)).toEqual(wholePhoto);
  expect(inside({ scale: 99, x: 0, y: 0 }, photo, screen).scale).toBe(zoomMax);
});
