import { expect, test } from 'vitest';
import { safeNext } from './safe-next.ts';

const origin = 'https://kilas.test';

test('a path of these pages is kept with its search and its place', () => {
  expect(safeNext('/e/1?share=a%26b#photos', origin)).toBe('/e/1?share=a%26b#photos');
});

test.each([
  undefined,
  '',
  'cart',
  'https://evil.test/',
  '//evil.test/',
  '/\\evil.test/',
  '/\t/evil.test/',
  'javascript:alert(1)',
  '///evil.test',
  '/sign-in?next=/sign-in',
])('%j leads home', (next) => {
  expect(safeNext(next, origin)).toBe('/');
});
