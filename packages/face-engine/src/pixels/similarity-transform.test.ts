import { expect, test } from 'vitest';
import { applySimilarity, fitSimilarity, scaleOf } from './similarity-transform.ts';

const POINTS = [
  { x: 0, y: 0 },
  { x: 10, y: 0 },
  { x: 4, y: 7 },
];

test('a turn, a scale and a shift are found again', () => {
  const turn = { a: 2 * Math.cos(0.5), b: 2 * Math.sin(0.5), tx: 30, ty: -8 };
  const fit = fitSimilarity(
    POINTS,
    POINTS.map((point) => applySimilarity(turn, point)),
  );
  for (const key of ['a', 'b', 'tx', 'ty'] as const) expect(fit[key]).toBeCloseTo(turn[key], 10);
  expect(scaleOf(fit)).toBeCloseTo(2, 10);
});

test('a mirrored face is met without mirroring', () => {
  const mirrored = POINTS.map(({ x, y }) => ({ x: -x, y }));
  const { a, b } = fitSimilarity(POINTS, mirrored);
  expect(a * a + b * b).toBeGreaterThan(0);
  expect(scaleOf({ a, b, tx: 0, ty: 0 })).toBeLessThan(1);
});

test('one point is not enough', () => {
  expect(() => fitSimilarity([{ x: 1, y: 1 }], [{ x: 2, y: 2 }])).toThrow('two different points');
});
