import { expect, test } from 'vitest';
import { ApiProblem } from '../../api/problem.ts';
import { figuresIn, refusalsIn } from './refused-basket.ts';

test('the photos that keep an order from being made are read from its refusal', () => {
  const refusals = [{ photoId: 'a', reason: 'PHOTO_SOLD' }];
  expect(refusalsIn(new ApiProblem(409, { code: 'PHOTO_SOLD', refusals }, undefined))).toEqual(refusals);
  expect(refusalsIn(new ApiProblem(429, { code: 'TOO_MANY_REQUESTS' }, 10))).toEqual([]);
});

test('new figures are taken from a refusal of prices alone', () => {
  const figures = { lines: [], totalIdr: 7 };
  expect(figuresIn(new ApiProblem(409, { code: 'PRICE_CHANGED', figures }, undefined))).toEqual(figures);
  expect(figuresIn(new ApiProblem(409, { code: 'PHOTO_SOLD', figures }, undefined))).toBeUndefined();
});
