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

test('the mark can be read in the smallest thumbnail: its letters are 12 pixels high at least, and repeat', async () => {
  const mark = drawWatermark({ width: 200, height: 133, text: 'I' });
  const ink = await sharp(mark).extractChannel('alpha').png().toBuffer();
  // Back to the lines of the text.
  const upright = sharp(ink).rotate(30, { background: '#000' }).removeAlpha().extractChannel(0).threshold(60);
  const { data, info } = await upright.raw().toBuffer({ resolveWithObject: true });
  const columns = Array.from({ length: info.width }, (_, x) =>
    longestRun(info.height, (y) => data[y * info.width + x] === 255),
  );
  // A stroke reaches over the letter at both ends.
  expect(Math.max(...columns)).toBe(15);
  expect(columns.filter((length) => length >= 13).length).toBeGreaterThan(20);
});

/** The length of the longest run of true. */
function longestRun(count: number, is: (i: number) => boolean): number {
  let [best, run] = [0, 0];
  for (let i = 0; i < count; i++) {
    run = is(i) ? run + 1 : 0;
    best = Math.max(best, run);
  }
  return best;
}
