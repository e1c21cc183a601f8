import { expect, test } from 'vitest';
import { joined, rangeOf, toggled } from './selection.ts';

test('a photo is selected, and no longer when it is chosen again', () => {
  const one = toggled(new Set(['a']), 'b');
  expect([...one]).toEqual(['a', 'b']);
  expect([...toggled(one, 'a')]).toEqual(['b']);
});

test('a selection is never changed in place', () => {
  const selected = new Set(['a']);
  toggled(selected, 'a');
  joined(selected, ['b']);
  expect([...selected]).toEqual(['a']);
});

test('a range joins what is selected, from whichever end it was drawn', () => {
  expect([...joined(new Set(['a']), ['a', 'c'])]).toEqual(['a', 'c']);
  expect(rangeOf(7, 3)).toEqual(rangeOf(3, 7));
});
