import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import sharp from 'sharp';

const require = createRequire(import.meta.url);
const folder = path.join(path.dirname(require.resolve('@vladmandic/face-api/package.json')), 'demo');

/** Narrow enough to be looked at in one piece, which is several times faster. */
const sampleWidthPx = 1200;
const fullWidthPx = 1920;

/** Group photos that come with the package of the networks: sample 1 to 6, three to five people each. */
export async function readSample(number: number): Promise<Buffer> {
  return sharp(await readFull(number))
    .resize(sampleWidthPx)
    .jpeg({ quality: 85 })
    .toBuffer();
}

/** Two people of sample 6 who resemble nobody else in the six photos: the area around their faces, in fractions. */
export const people = {
  guest: { sample: 6, left: 562 / fullWidthPx, width: 383 / fullWidthPx, cut: { top: 162, height: 638 } },
  friend: { sample: 6, left: 1370 / fullWidthPx, width: 443 / fullWidthPx, cut: { top: 63, height: 680 } },
} as const;

/** A selfie of someone in a sample: cropped, scaled, darkened and compressed anew, each `variant` differently. */
export async function takeSelfie(person: keyof typeof people, variant = 0): Promise<Buffer> {
  const { sample, left, width, cut } = people[person];
  return sharp(await readFull(sample))
    .extract({ ...cut, left: Math.round(left * fullWidthPx), width: Math.round(width * fullWidthPx) })
    .resize(480 + 60 * variant)
    .modulate({ brightness: 0.75 + 0.1 * variant })
    .jpeg({ quality: 70 + 10 * variant })
    .toBuffer();
}

function readFull(number: number): Promise<Buffer> {
  return readFile(path.join(folder, `sample${number}.jpg`));
}
