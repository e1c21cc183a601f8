import { expect, test } from 'vitest';
import type { Landmarks } from '../packs/face-pack.ts';
import type { Point } from '../pixels/rgb-image.ts';
import { isSureFace, whyUnsure } from './is-sure.ts';

const box = { x: 0, y: 0, width: 80, height: 100 };
const quality = { eyeDistancePx: 30 };

/** 68 landmarks whose outer eye corners are so far apart, along a line that leans. */
function corners(apartPx: number): Landmarks {
  const points: Point[] = Array.from({ length: 68 }, () => ({ x: 40, y: 50 }));
  points[36] = { x: 20, y: 40 };
  points[45] = { x: 20 + apartPx * 0.8, y: 40 + apartPx * 0.6 };
  return { layout: '68', points };
}

function eyes(apartPx: number): Landmarks {
  const rest = Array.from({ length: 3 }, () => ({ x: 40, y: 60 }));
  return { layout: '5', points: [{ x: 20, y: 40 }, { x: 20 + apartPx, y: 40 }, ...rest] };
}

test('a face whose outer eye corners lie nearer than a quarter of its longer side is not sure', () => {
  expect(isSureFace({ landmarks: corners(25.1), box, quality })).toBe(true);
  expect(isSureFace({ landmarks: corners(24.9), box, quality })).toBe(false);
});

test('where only five points are known the centres of the eyes decide', () => {
  expect(isSureFace({ landmarks: eyes(18.1), box, quality })).toBe(true);
  expect(isSureFace({ landmarks: eyes(17.9), box, quality })).toBe(false);
});

test('a tiny face is not sure, however it looks', () => {
  expect(isSureFace({ landmarks: corners(60), box, quality: { eyeDistancePx: 10 } })).toBe(true);
  expect(isSureFace({ landmarks: corners(60), box, quality: { eyeDistancePx: 9.9 } })).toBe(false);
});

test('why a face may not decide is said, and nothing of one that may', () => {
  expect(whyUnsure({ landmarks: corners(24.9), box, quality })).toBe('turned');
  expect(whyUnsure({ landmarks: eyes(17.9), box, quality })).toBe('turned');
  expect(whyUnsure({ landmarks: corners(60), box, quality: { eyeDistancePx: 9.9 } })).toBe('tiny');
  expect(whyUnsure({ landmarks: corners(25.1), box, quality })).toBeUndefined();
});

test('landmarks that lack the eyes are an error, not an answer', () => {
  expect(() => isSureFace({ landmarks: { layout: '68', points: [] }, box, quality })).toThrow('lack');
});
