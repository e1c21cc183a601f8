import { expect, test } from 'vitest';
import { mergeDetections } from './merge-detections.ts';

const box = (x: number, y: number, size: number) => ({ x, y, width: size, height: size });

test('of several boxes on one face the best score stays, best face first', () => {
  const neighbour = { box: box(200, 0, 100), score: 0.95, turnDeg: 0 as const };
  const best = { box: box(5, 5, 100), score: 0.9, turnDeg: 0 as const };
  const merged = mergeDetections([{ box: box(0, 0, 100), score: 0.7, turnDeg: 0 as const }, best, neighbour]);
  expect(merged).toEqual([neighbour, best]);
});

test('a part of a face is not a second face', () => {
  const whole = { box: box(0, 0, 200), score: 0.9, turnDeg: 0 as const };
  expect(mergeDetections([{ box: box(20, 20, 90), score: 0.8, turnDeg: 0 as const }, whole])).toEqual([whole]);
});

test('faces that touch are two', () => {
  const pair = [
    { box: box(0, 0, 100), score: 0.9, turnDeg: 0 as const },
    { box: box(70, 0, 100), score: 0.8, turnDeg: 0 as const },
  ];
  expect(mergeDetections(pair)).toEqual(pair);
});
