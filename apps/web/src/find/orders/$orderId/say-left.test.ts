import { expect, test } from 'vitest';
import { sayLeft } from './say-left.ts';

test('the time that is left is said in minutes and seconds, and in hours where there are some', () => {
  expect(sayLeft(845_000)).toBe('14:05');
  expect(sayLeft(9_001)).toBe('0:10');
  expect(sayLeft(3_661_000)).toBe('1:01:01');
  expect(sayLeft(-5)).toBe('0:00');
});
