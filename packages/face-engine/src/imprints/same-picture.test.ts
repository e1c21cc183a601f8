import { expect, test } from 'vitest';
import { AS_IT_LIES, dot, imprintLength, imprintOf, lumaPx } from './imprint.ts';
import { isSamePicture } from './same-picture.ts';

type Picture = (x: number, y: number) => number;

/** A picture of its own for each seed: blobs, light and dark, as large as the features of a face. */
function pictureOf(seed: number): Picture {
  const blobs = Array.from({ length: 40 }, (_, i) => {
    const part = (salt: number) => (Math.sin((seed * 100 + i) * 12.9898 + salt * 78.233) * 43758.5453) % 1;
    return { x: 37 + 34 * part(1), y: 37 + 34 * part(2), size: 2.5 + 2 * part(3), light: 60 * part(4) };
  });
  return (x, y) =>
    120 +
    blobs.reduce((sum, blob) => {
      const away = ((x - blob.x) ** 2 + (y - blob.y) ** 2) / (2 * blob.size ** 2);
      return sum + blob.light * Math.exp(-away);
    }, 0);
}

function draw(picture: Picture): Uint8Array {
  return Uint8Array.from({ length: lumaPx * lumaPx }, (_, i) =>
    Math.min(Math.max(Math.round(picture(i % lumaPx, Math.floor(i / lumaPx))), 0), 255),
  );
}

const isSame = (taken: Picture, stored: Picture) => {
  const luma = draw(taken);
  return isSamePicture((place) => imprintOf(luma, place), [imprintOf(draw(stored))]);
};

const picture = pictureOf(1);
const [sin, cos] = [Math.sin(0.08), Math.cos(0.08)];

test('an imprint has unit length, and is that of one picture whatever its light and contrast', () => {
  const imprint = imprintOf(draw(picture));
  expect(imprint).toHaveLength(imprintLength);
  expect(dot(imprint, imprint)).toBeCloseTo(1, 5);
  const paler = imprintOf(draw((x, y) => 60 + 0.5 * picture(x, y)));
  expect(dot(imprint, paler)).toBeGreaterThan(0.99);
  expect(
    imprintOf(
      draw(() => 128),
      AS_IT_LIES,
    ).every((wave) => wave === 0),
  ).toBe(true);
});

test.each<[string, Picture]>([
  ['as it is', picture],
  ['moved', (x, y) => picture(x + 2.5, y - 3)],
  ['turned', (x, y) => picture(37 + cos * (x - 37) - sin * (y - 37), 37 + sin * (x - 37) + cos * (y - 37))],
  ['smaller', (x, y) => picture(37 + 1.07 * (x - 37), 37 + 1.07 * (y - 37))],
  ['in a mirror', (x, y) => picture(lumaPx - 1 - x, y)],
  ['with grain', (x, y) => picture(x, y) + 6 * Math.sin(x * 3.1 + y * 5.3)],
])('a picture is known again: %s', async (_how, taken) => {
  expect(await isSame(taken, picture)).toBe(true);
});

test.each([2, 3, 4, 5])('another picture is another one: %i', async (seed) => {
  expect(await isSame(pictureOf(seed), picture)).toBe(false);
});

test('a picture whose features moved against each other is another one', async () => {
  const smiling: Picture = (x, y) => picture(x + 2.5 * Math.sin(y / 5), y + 2.5 * Math.cos(x / 5));
  expect(await isSame(smiling, picture)).toBe(false);
});

test('a flat picture, and no stored one, are the same as none', async () => {
  expect(await isSame(() => 128, picture)).toBe(false);
  expect(await isSamePicture(() => imprintOf(draw(picture)), [])).toBe(false);
});
