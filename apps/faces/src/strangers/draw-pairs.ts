import path from 'node:path';
import sharp, { type OverlayOptions } from 'sharp';
import type { CrowdFaces } from './measure-faces.ts';
import type { NearPairs } from './near-pairs.ts';
import type { ServedFace } from './served-face.ts';

const PORTRAIT_PAIRS = 24;
const WITHIN_PAIRS = 12;
const columns = 4;
const facePx = 130;
const textPx = 46;
const gapPx = 12;
const cell = { width: 2 * facePx + gapPx, height: facePx + textPx + gapPx };
/** Side of a crop, as a multiple of the box's longer side. */
const around = 1.5;

export interface DrawnPair {
  readonly distance: number;
  readonly faces: readonly [ServedFace, ServedFace];
}

/** The nearest wrong pairs of portraits, each two people once, and those within one photo. */
export function listDrawn({ people, portraits, groupFaces }: CrowdFaces, near: NearPairs): DrawnPair[] {
  const strangers = nearest(near.strangers, PORTRAIT_PAIRS, (left, right) => {
    const [a, b] = [portraits[left], portraits[right]];
    if (!a?.face || !b?.face) return undefined;
    return { faces: [a.face, b.face], who: `${people[a.person]?.name} ${people[b.person]?.name}` };
  });
  const within = nearest(near.within, WITHIN_PAIRS, (left, right) => {
    const [a, b] = [groupFaces[left], groupFaces[right]];
    return a && b && { faces: [a.face, b.face], who: `${left} ${right}` };
  });
  return [...strangers, ...within];
}

function nearest(
  pairs: NearPairs['strangers'],
  countMax: number,
  read: (left: number, right: number) => { faces: readonly [ServedFace, ServedFace]; who: string } | undefined,
): DrawnPair[] {
  const drawn = new Map<string, DrawnPair>();
  for (let i = 0; i < pairs.distances.length && drawn.size < countMax; i++) {
    const pair = read(pairs.left[i] ?? 0, pairs.right[i] ?? 0);
    if (pair && !drawn.has(pair.who)) drawn.set(pair.who, { distance: pairs.distances[i] ?? 0, faces: pair.faces });
  }
  return [...drawn.values()];
}

/** A JPEG of the pairs side by side, with distance and file names. */
export async function drawPairs(pairs: readonly DrawnPair[], stop: AbortSignal): Promise<Buffer> {
  const width = columns * cell.width + gapPx;
  const height = Math.max(Math.ceil(pairs.length / columns), 1) * cell.height + gapPx;
  const parts: OverlayOptions[] = [];
  const texts: string[] = [];
  for (const [i, { distance, faces }] of pairs.entries()) {
    stop.throwIfAborted();
    const left = gapPx + (i % columns) * cell.width;
    const top = gapPx + Math.floor(i / columns) * cell.height;
    for (const [side, face] of faces.entries()) {
      parts.push({ input: await cutOut(face), left: left + side * facePx, top });
    }
    const names = [...new Set(faces.map(({ file }) => path.basename(file)))];
    texts.push(textAt(left, top + facePx + 14, 13, distance.toFixed(3)));
    texts.push(...names.map((name, line) => textAt(left, top + facePx + 28 + 13 * line, 10, name)));
  }
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${texts.join('')}</svg>`;
  return sharp({ create: { width, height, channels: 3, background: 'white' } })
    .composite([...parts, { input: Buffer.from(svg) }])
    .jpeg({ quality: 88 })
    .toBuffer();
}

async function cutOut({ file, box }: ServedFace): Promise<Buffer> {
  const { autoOrient } = await sharp(file).metadata();
  const side = Math.min(Math.max(box.width, box.height) * around, autoOrient.width, autoOrient.height);
  const start = (middle: number, length: number) => Math.round(Math.min(Math.max(middle - side / 2, 0), length - side));
  const left = start(box.x + box.width / 2, autoOrient.width);
  const top = start(box.y + box.height / 2, autoOrient.height);
  const sidePx = Math.max(Math.floor(side), 1);
  return sharp(file)
    .autoOrient()
    .extract({
      left: Math.min(left, autoOrient.width - sidePx),
      top: Math.min(top, autoOrient.height - sidePx),
      width: sidePx,
      height: sidePx,
    })
    .resize(facePx, facePx)
    .flatten({ background: 'white' })
    .toBuffer();
}

function textAt(x: number, y: number, sizePx: number, text: string): string {
  const safe = text.slice(0, 44).replace(/[<>&]/g, '_');
  return `<text x="${x}" y="${y}" font-family="sans-serif" font-size="${sizePx}">${safe}</text>`;
}
