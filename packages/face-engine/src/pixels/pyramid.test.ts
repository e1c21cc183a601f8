import { expect, test } from 'vitest';
import { Pyramid } from './pyramid.ts';
import type { RgbImage } from './rgb-image.ts';

function picture(width: number, height: number): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) data.fill(i % width < width / 2 ? 40 : 200, i * 3, i * 3 + 3);
  return { data, width, height };
}

test('a level is at least as large as asked for, and less than twice so', async () => {
  const pyramid = new Pyramid(picture(640, 480));
  for (const scale of [1, 0.9, 0.5, 0.49, 0.2, 0.01]) {
    const level = await pyramid.level(scale);
    expect(level.scale).toBeGreaterThanOrEqual(scale);
    expect(level.scale / 2).toBeLessThan(scale);
    expect(level.image.width).toBe(640 * level.scale);
  }
});

test('what enlarges it is made from the picture itself', async () => {
  const pyramid = new Pyramid(picture(20, 10));
  expect((await pyramid.level(3)).image).toBe(pyramid.picture);
  const large = await pyramid.scaled(3);
  expect([large.width, large.height]).toEqual([60, 30]);
});

test('a scaled picture has the size that was asked for and looks the same', async () => {
  const scaled = await new Pyramid(picture(641, 480)).scaled(0.11);
  expect([scaled.width, scaled.height]).toEqual([71, 53]);
  expect(scaled.data[0]).toBe(40);
  expect(scaled.data.at(-1)).toBe(200);
});

test('a picture of one pixel has levels of one pixel', async () => {
  const level = await new Pyramid(picture(1, 1)).level(0.1);
  expect([level.image.width, level.image.height]).toEqual([1, 1]);
});
