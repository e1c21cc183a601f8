import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import sharp from 'sharp';

const require = createRequire(import.meta.url);
const folder = path.join(path.dirname(require.resolve('@vladmandic/face-api/package.json')), 'demo');

/** Group photos that come with the package of the networks: sample 1 to 6, three to five people each. */
export function readSample(number: number): Promise<Buffer> {
  return readFile(path.join(folder, `sample${number}.jpg`));
}

/** Two people of sample 6, whom nobody else in the six photos resembles: the pixels around their faces. */
export const people = {
  guest: { sample: 6, box: { left: 562, top: 162, width: 383, height: 638 } },
  friend: { sample: 6, box: { left: 1370, top: 63, width: 443, height: 680 } },
} as const;

/** A selfie of someone in a sample: cut out, scaled, darkened and compressed anew, each `variant` differently. */
export async function takeSelfie(person: keyof typeof people, variant = 0): Promise<Buffer> {
  const { sample, box } = people[person];
  return sharp(await readSample(sample))
    .extract(box)
    .resize(480 + 60 * variant)
    .modulate({ brightness: 0.75 + 0.1 * variant })
    .jpeg({ quality: 70 + 10 * variant })
    .toBuffer();
}
