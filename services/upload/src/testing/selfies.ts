import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { drawWatermark } from '../derivatives/watermark.ts';

const require = createRequire(import.meta.url);
const folder = path.join(path.dirname(require.resolve('@vladmandic/face-api/package.json')), 'demo');

/** Where two people stand in the sixth of the group photos that come with the package of the networks, in pixels. */
export const people = {
  guest: { left: 562, top: 162, width: 383, height: 638 },
  friend: { left: 1370, top: 63, width: 443, height: 680 },
} as const;

export function readGroupPhoto(): Promise<Buffer> {
  return readSample(6);
}

export function readSample(number: number): Promise<Buffer> {
  return readFile(path.join(folder, `sample${number}.jpg`));
}

/** Somebody who is in the first photo as well: the only one of whom there are two good shots. */
const inThirdPhoto = { left: 1000, top: 90, width: 400, height: 520 } as const;

/** A selfie of somebody in the first photo, which is no picture of it. */
export async function takeSecondShot(): Promise<Buffer> {
  return sharp(await readSample(3))
    .extract(inThirdPhoto)
    .jpeg()
    .toBuffer();
}

/** Turned away from the camera, in the fifth photo. */
const turnedAway = { left: 500, top: 330, width: 370, height: 420 } as const;

/** What an own selfie can be made into; each is just not good enough. */
export type Fault =
  | 'nobody'
  | 'cut off'
  | 'small'
  | 'dark'
  | 'black'
  | 'bright'
  | 'blurred'
  | 'turned away'
  | 'hidden'
  | 'two faces';

/** The friend's selfie with a fault of this kind. */
export async function spoilSelfie(fault: Fault): Promise<Buffer> {
  const selfie = sharp(await takeSelfie('friend'));
  switch (fault) {
    case 'nobody':
      return sharp({ create: { width: 600, height: 800, channels: 3, background: '#888' } })
        .jpeg()
        .toBuffer();
    case 'cut off':
      return selfie.extract({ left: 0, top: 0, width: 480, height: 369 }).jpeg().toBuffer();
    case 'small':
      return selfie.resize(120).jpeg().toBuffer();
    case 'dark':
      return selfie.linear(0.25, 0).jpeg().toBuffer();
    case 'black':
      return selfie.linear(0.05, 0).jpeg().toBuffer();
    case 'bright':
      return selfie.linear(2.5, 0).jpeg().toBuffer();
    case 'blurred':
      return selfie.blur(4).jpeg().toBuffer();
    case 'turned away':
      return sharp(await readSample(5))
        .extract(turnedAway)
        .jpeg()
        .toBuffer();
    case 'hidden':
      return underLetters(selfie);
    case 'two faces':
      return withPasserBy(180);
  }
}

/** The lines of a watermark as of a picture four times as large lie where eyes, nose and mouth are looked for. */
async function underLetters(selfie: Sharp): Promise<Buffer> {
  const { data, info } = await selfie.toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const mark = drawWatermark({ width: 4 * width, height: 4 * height, text: 'KILAS' });
  const input = await sharp(mark).extract({ left: 0, top: 0, width, height }).png().toBuffer();
  return sharp(data).composite([{ input }]).jpeg().toBuffer();
}

/** The guest's selfie with somebody else's head behind it, this many pixels wide. */
export async function withPasserBy(widthPx: number): Promise<Buffer> {
  const head = sharp(await readGroupPhoto()).extract({ left: 1420, top: 110, width: 330, height: 330 });
  const input = await head.resize(widthPx).toBuffer();
  return sharp(await takeSelfie('guest'))
    .composite([{ input, left: 10, top: 30 }])
    .jpeg({ quality: 90 })
    .toBuffer();
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
