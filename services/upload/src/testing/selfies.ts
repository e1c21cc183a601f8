import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import sharp from 'sharp';

const require = createRequire(import.meta.url);
const folder = path.join(path.dirname(require.resolve('@vladmandic/face-api/package.json')), 'demo');

/** Where two people stand in the sixth of the group photos that come with the package of the networks, in pixels. */
const people = {
  guest: { left: 562, top: 162, width: 383, height: 638 },
  friend: { left: 1370, top: 63, width: 443, height: 680 },
} as const;

export function readGroupPhoto(): Promise<Buffer> {
  return readFile(path.join(folder, 'sample6.jpg'));
}

/** A selfie of one of them as another camera would take it; each `variant` is another file. */
export async function takeSelfie(person: keyof typeof people = 'guest', variant = 0): Promise<Buffer> {
  return sharp(await readGroupPhoto())
    .extract(people[person])
    .resize(480 + 20 * variant)
    .modulate({ brightness: 0.8 + 0.03 * variant })
    .jpeg({ quality: 75 + variant })
    .toBuffer();
}
