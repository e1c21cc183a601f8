import { expect, test } from 'vitest';
import { isTurned } from './follow-step.ts';

test('a head turned to the right side of the picture has turned to its own left', () => {
  expect(isTurned('turn_left', 0.5)).toBe(true);
  expect(isTurned('turn_right', 0.5)).toBe(false);
  expect(isTurned('turn_right', -0.5)).toBe(true);
});

test('a head that looks ahead has not turned, and nobody has not turned either', () => {
  expect(isTurned('turn_left', 0.1)).toBe(false);
  expect(isTurned('turn_left', undefined)).toBe(false);
});
