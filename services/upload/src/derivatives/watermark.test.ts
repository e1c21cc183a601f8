import sharp from 'sharp';
import { expect, test } from 'vitest';
import { letters } from './letters.ts';
import { drawWatermark } from './watermark.ts';

const darkness = async (svg: Buffer) => {
  const { channels } = await sharp(svg).stats();
  return channels[3]?.mean ?? 0;
};

test('every letter that the configuration allows is drawn', async () => {
  const allowed = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .-'];
  expect(Object.keys(letters).sort()).toEqual(allowed.sort());
  for (const letter of allowed.filter((each) => each !== ' ')) {
    expect(await darkness(drawWatermark({ width: 200, height: 200, text: letter })), letter).toBeGreaterThan(0.5);
  }
  expect(await darkness(drawWatermark({ width: 200, height: 200, text: ' ' }))).toBe(0);
});

test('the mark has the size of the picture', async () => {
  expect(await sharp(drawWatermark({ width: 401, height: 37, text: 'KILAS' })).metadata()).toMatchObject({
    width: 401,
    height: 37,
  });
});
