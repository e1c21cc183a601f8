import { expect, test } from 'vitest';
import { l2Distance } from './distance.ts';

test('the distance is Euclidean', () => {
  expect(l2Distance(Float32Array.of(0, 3, 1), Float32Array.of(4, 0, 1))).toBe(5);
});

test('embeddings of different lengths are not compared', () => {
  expect(() => l2Distance(new Float32Array(128), new Float32Array(1024))).toThrow('128 and 1024');
});
