import { expect, test } from 'vitest';
import type { RgbImage } from './rgb-image.ts';
import { warpImage } from './warp-image.ts';

function greyImage(width: number, height: number, valueAt: (x: number, y: number) => number): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) data.fill(valueAt(i % width, Math.floor(i / width)), i * 3, i * 3 + 3);
  return { data, width, height };
}

test('a warp that changes nothing gives the same pixels', () => {
  const image = greyImage(5, 5, (x, y) => x * 40 + y);
  expect(warpImage(image, { a: 1, b: 0, tx: 0, ty: 0 }, 5)).toEqual(image.data);
});

test('a quarter turn moves the top left pixel to the top right', () => {
  const image = greyImage(4, 4, (x, y) => (x === 0 && y === 0 ? 200 : 0));
  const turned = warpImage(image, { a: 0, b: -1, tx: 0, ty: 4 }, 4);
  expect(turned[3 * 3]).toBe(200);
  expect(turned[0]).toBe(0);
});

test('shrinking averages what it covers instead of skipping it', () => {
  const checkerboard = greyImage(40, 40, (x, y) => ((x + y) % 2 ? 255 : 0));
  const shrunk = warpImage(checkerboard, { a: 4, b: 0, tx: 0, ty: 0 }, 10);
  expect(Math.min(...shrunk)).toBeGreaterThan(100);
  expect(Math.max(...shrunk)).toBeLessThan(155);
});
