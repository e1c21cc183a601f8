import sharp from 'sharp';
import type { CaptureStep } from '../facecams/challenge.ts';
import { takeSelfie } from './selfies.ts';

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where the features lie in the guest's selfie, in pixels; eyes from corner to corner. */
const nose: Point = { x: 215, y: 443 };
const middle: Point = { x: 242, y: 427 };
const betweenEyes = 108;
const eyes: readonly (readonly [Point, Point])[] = [
  [
    { x: 157, y: 365 },
    { x: 196, y: 368 },
  ],
  [
    { x: 260, y: 364 },
    { x: 307, y: 356 },
  ],
];

/** By so much the picture, in which the head looks to its right, is bent to look ahead, and to either side. */
const aheadDeg = 18;
const sidesDeg = { turn_left: 49, turn_right: -10 };

/** To bend one takes its time. */
const made = new Map<string, Promise<Buffer>>();

/** The guest from the front: their picture, bent, which no imprint of the picture knows. */
export async function poseAhead(): Promise<Buffer> {
  return bend(await takeSelfie(), aheadDeg);
}

/** What the guest would do when asked, made of their one picture; each `variant` is another file. */
export async function pose(step: CaptureStep, variant = 0): Promise<Buffer> {
  const name = `${step} ${variant}`;
  const known = made.get(name) ?? makePose(step, variant);
  made.set(name, known);
  return known;
}

async function makePose(step: CaptureStep, variant: number): Promise<Buffer> {
  const picture = await takeSelfie();
  if (step === 'blink') return bend(await closeEyes(picture), aheadDeg - variant);
  return bend(picture, sidesDeg[step] - variant);
}

/** Moves what stands out of the face as if the head turned to its own left; its outline stays. */
async function bend(picture: Buffer, degrees: number): Promise<Buffer> {
  const { data, info } = await sharp(picture).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const depthAt = (x: number, y: number) => {
    const head = hump((x - middle.x) / betweenEyes, (y - middle.y) / (1.6 * betweenEyes));
    return 0.8 * head + 0.5 * hump((x - nose.x) / (0.42 * betweenEyes), (y - nose.y) / (0.42 * betweenEyes));
  };
  const shift = Math.sin((degrees * Math.PI) / 180) * betweenEyes;
  const bent = Buffer.alloc(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let from = x;
      for (let round = 0; round < 6; round++) from = x - shift * depthAt(from, y);
      from = Math.min(Math.max(from, 0), width - 2);
      const [start, share] = [Math.floor(from), from % 1];
      for (let colour = 0; colour < 3; colour++) {
        const at = (y * width + start) * 3 + colour;
        bent[(y * width + x) * 3 + colour] = (data[at] ?? 0) * (1 - share) + (data[at + 3] ?? 0) * share;
      }
    }
  }
  return sharp(bent, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 92 })
    .toBuffer();
}

function hump(u: number, v: number): number {
  return Math.exp(-(u * u + v * v));
}

/** Paints lids of the skin below each eye, with a line of lashes. */
async function closeEyes(picture: Buffer): Promise<Buffer> {
  const { data, info } = await sharp(picture).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const lids = eyes.map(([outer, inner]) => {
    const [width, x, y] = [inner.x - outer.x, (outer.x + inner.x) / 2, (outer.y + inner.y) / 2];
    const at = (Math.round(y + 0.8 * width) * info.width + Math.round(x)) * 3;
    const skin = `rgb(${data[at]},${data[at + 1]},${data[at + 2]})`;
    const turn = (Math.atan2(inner.y - outer.y, width) * 180) / Math.PI;
    const lid = `<ellipse cy="${-0.05 * width}" rx="${0.9 * width}" ry="${0.5 * width}" fill="${skin}"/>`;
    const line = `M ${-0.55 * width} ${0.12 * width} Q 0 ${0.28 * width} ${0.55 * width} ${0.12 * width}`;
    const lashes = `<path d="${line}" stroke="#402a22" stroke-width="${0.04 * width}" fill="none"/>`;
    return `<g transform="translate(${x} ${y}) rotate(${turn})">${lid}${lashes}</g>`;
  });
  const size = `width="${info.width}" height="${info.height}"`;
  const soft = '<filter id="soft"><feGaussianBlur stdDeviation="1.2"/></filter>';
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" ${size}>${soft}<g filter="url(#soft)">${lids.join('')}</g></svg>`;
  return sharp(picture)
    .composite([{ input: Buffer.from(svg) }])
    .png()
    .toBuffer();
}
