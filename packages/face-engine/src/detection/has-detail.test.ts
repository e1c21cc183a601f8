import sharp, { type Sharp } from 'sharp';
import { expect, test } from 'vitest';
import type { RgbImage } from '../pixels/rgb-image.ts';
import { readSample } from '../testing/test-samples.ts';
import { hasDetail } from './has-detail.ts';

async function decode(image: Sharp): Promise<RgbImage> {
  const { data, info } = await image.removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

test('a sky, as a camera writes it, holds nothing to look at', async () => {
  const gradient = `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="640"><defs><linearGradient id="g" x2="0.3" y2="1">
    <stop stop-color="#4a7fc8"/><stop offset="1" stop-color="#cfe3f5"/></linearGradient></defs>
    <rect width="640" height="640" fill="url(#g)"/></svg>`;
  const sky = await sharp(Buffer.from(gradient)).flatten().jpeg({ quality: 82 }).toBuffer();
  expect(hasDetail(await decode(sharp(sky)))).toBe(false);
});

test('one small face before a plain wall is something to look at, in deep shadow too', async () => {
  const face = sharp(await readSample(6)).extract({ left: 640, top: 320, width: 230, height: 310 });
  for (const light of [1, 0.15]) {
    const small = await sharp(await face.clone().resize(24).linear(light, 0).png().toBuffer()).toBuffer();
    const wall = sharp({ create: { width: 640, height: 640, channels: 3, background: '#222' } });
    expect(hasDetail(await decode(wall.composite([{ input: small, left: 300, top: 210 }])))).toBe(true);
  }
});
