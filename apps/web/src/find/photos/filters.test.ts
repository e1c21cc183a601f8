import { expect, test } from 'vitest';
import { hasFilters, queryOf, readFilters } from './filters.ts';

const event = '01a22f13-1e1b-7b57-b476-dc3c3a2199ff';

test('filters are read from the address, and what makes no sense is left out', () => {
  const search = { event, from: '2026-05-01', to: 'tomorrow', level: '7', show: 'all', creator: '../x' };
  expect(readFilters(search)).toEqual({ event, from: '2026-05-01', level: 7 });
  expect(readFilters({ level: 4.5, show: 'rejected' })).toEqual({ show: 'rejected' });
});

test('both days of a range are in it', () => {
  const { from, to } = queryOf({ from: '2026-05-01', to: '2026-05-01' });
  expect(Date.parse(to ?? '') - Date.parse(from ?? '')).toBe(86_400_000);
  expect(queryOf({ from: '2026-99-99' })).toEqual({});
});

test('looking at rejected photos is no filter', () => {
  expect(hasFilters({ show: 'rejected' })).toBe(false);
  expect(hasFilters({ level: 5 })).toBe(true);
});
