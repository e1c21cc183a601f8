import { expect, test } from 'vitest';
import type { RgbImage } from './rgb-image.ts';
import { allTurns, sizeUpright, standUpright, turnedBox, turnOval, turnPoint, turnsBeside } from './turn.ts';

/** Grey, with one white pixel. */
function dot(width: number, height: number, x: number, y: number): RgbImage {
  const data = new Uint8Array(width * height * 3).fill(40);
  data.fill(255, (y * width + x) * 3, (y * width + x + 1) * 3);
  return { data, width, height };
}

test('a face turned by 90° has its crown to the right', () => {
  const crown = turnPoint({ x: 0, y: -1 }, 90);
  expect(crown).toEqual({ x: 1, y: 0 });
});

test('a quarter turn swaps the sides of a box exactly, and one of 45° keeps it about as large', () => {
  expect(turnOval({ width: 30, height: 40 }, 90)).toEqual({ width: 40, height: 30 });
  expect(turnOval({ width: 30, height: 40 }, 180)).toEqual({ width: 30, height: 40 });
  const { width, height } = turnOval({ width: 30, height: 40 }, 45);
  expect(width).toBeCloseTo(Math.sqrt((30 ** 2 + 40 ** 2) / 2));
  expect(height).toBeCloseTo(width);
  expect(turnedBox({ width: 30, height: 40 }, 270, { x: 100, y: 50 })).toEqual({ x: 80, y: 35, width: 40, height: 30 });
});

test.each([90, 180, 270] as const)('what is stood upright from %i° lies where its turn says', async (turnDeg) => {
  const picture = dot(8, 4, 6, 1);
  const upright = await standUpright(picture, turnDeg);
  expect({ width: upright.width, height: upright.height }).toEqual(sizeUpright(picture, turnDeg));
  const at = upright.data.indexOf(255) / 3;
  const middle = {
    x: (at % upright.width) + 0.5 - upright.width / 2,
    y: Math.floor(at / upright.width) + 0.5 - upright.height / 2,
  };
  const back = turnPoint(middle, turnDeg);
  expect({ x: back.x + picture.width / 2, y: back.y + picture.height / 2 }).toEqual({ x: 6.5, y: 1.5 });
});

test('a picture stood upright from 45° holds all of it, with grey around', async () => {
  const upright = await standUpright(dot(60, 40, 30, 20), 45);
  const size = sizeUpright({ width: 60, height: 40 }, 45);
  expect(Math.abs(upright.width - size.width)).toBeLessThan(2);
  expect([...upright.data.subarray(0, 3)]).toEqual([128, 128, 128]);
});

test('each turn has two beside it', () => {
  for (const turnDeg of allTurns) expect(turnsBeside(turnDeg)).toHaveLength(2);
  expect(turnsBeside(0).toSorted()).toEqual([315, 45]);
});
