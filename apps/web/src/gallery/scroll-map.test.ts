import { expect, test } from 'vitest';
import { listPlace, scrollHeightMax, scrollHeightOf, scrollPlace } from './scroll-map.ts';

const extentOf = (list: number) => ({ list, scroll: scrollHeightOf(list), screen: 900 });

test('a list that a browser can hold is scrolled pixel by pixel', () => {
  const extent = extentOf(5_000_000);
  for (const at of [-100, 0, 1, 2_345_678, 4_999_100, 4_999_500]) {
    expect(listPlace(at, extent)).toBeCloseTo(at, 6);
    expect(scrollPlace(at, extent)).toBeCloseTo(at, 6);
  }
});

test('a list that is too high for a browser is reached from its first to its last pixel', () => {
  const extent = extentOf(60_000_000);
  expect(extent.scroll).toBe(scrollHeightMax);
  expect(listPlace(0, extent)).toBe(0);
  expect(listPlace(extent.scroll - extent.screen, extent)).toBe(extent.list - extent.screen);
  expect(listPlace((extent.scroll - extent.screen) / 2, extent)).toBeCloseTo((extent.list - extent.screen) / 2, 3);
});

test('there and back again is the same place', () => {
  const extent = extentOf(60_000_000);
  for (const at of [-300, 0, 17, 30_000_000, 59_999_100, 59_999_800]) {
    expect(listPlace(scrollPlace(at, extent), extent)).toBeCloseTo(at, 3);
  }
});

test('what stands above and below the list is scrolled pixel by pixel', () => {
  const extent = extentOf(60_000_000);
  expect(listPlace(-250, extent)).toBe(-250);
  const end = extent.scroll - extent.screen;
  expect(listPlace(end + 40, extent) - listPlace(end, extent)).toBe(40);
});

test('a list that is lower than the screen stays where it is', () => {
  const extent = { list: 300, scroll: 300, screen: 900 };
  for (const at of [-200, 0, 50]) expect(listPlace(at, extent)).toBe(at);
});
