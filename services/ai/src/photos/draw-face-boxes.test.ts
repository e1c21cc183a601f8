import sharp from 'sharp';
import { expect, test } from 'vitest';
import { drawFaceBoxes, drawnLongEdgeMaxPx } from './draw-face-boxes.ts';

test('a rectangle lies on the face in the bounded, upright picture', async () => {
  const black = { create: { width: 2560, height: 1280, channels: 3, background: 'black' } } as const;
  const sideways = await sharp(black).rotate(90).withMetadata({ orientation: 8 }).jpeg().toBuffer();
  const drawn = await drawFaceBoxes(sideways, [{ x: 1000, y: 400, width: 200, height: 300 }]);
  const { format, exif } = await sharp(drawn).metadata();
  expect([format, exif]).toEqual(['jpeg', undefined]);
  const { data, info } = await sharp(drawn).raw().toBuffer({ resolveWithObject: true });
  expect([info.width, info.height]).toEqual([drawnLongEdgeMaxPx, 640]);
  const greenAt = (x: number, y: number) => data[(y * info.width + x) * 3 + 1] ?? 0;
  expect(greenAt(500, 275)).toBeGreaterThan(100);
  expect(greenAt(600, 275)).toBeGreaterThan(100);
  expect(greenAt(550, 275)).toBeLessThan(20);
  expect(greenAt(470, 275)).toBeLessThan(20);
});

test('a small picture is not enlarged', async () => {
  const small = await sharp({ create: { width: 90, height: 60, channels: 3, background: 'grey' } })
    .png()
    .toBuffer();
  const { width, height } = await sharp(await drawFaceBoxes(small, [])).metadata();
  expect([width, height]).toEqual([90, 60]);
});
