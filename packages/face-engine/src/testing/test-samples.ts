import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { DEFAULT_PACK_ID } from '../packs/built-in-packs.ts';
import { builtInPlace, type PackPlace } from '../packs/open-pack.ts';
import type { Box } from '../pixels/rgb-image.ts';

/** Shared by test files and by runs: graphs are checked by checksum, so what lies there is right or is rebuilt. */
export const testGraphsDir = path.join(tmpdir(), 'kilas-test-graphs');

export const testPack: PackPlace = builtInPlace(testGraphsDir, DEFAULT_PACK_ID);

/** How many faces a person counts in the sample photos 1–6. */
export const sampleFaceCounts: readonly number[] = [3, 3, 3, 4, 5, 4];

/** One of the six photos that come with `@vladmandic/face-api`. */
export function readSample(number: number): Promise<Buffer> {
  const manifest = createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json');
  return readFile(path.join(path.dirname(manifest), 'demo', `sample${number}.jpg`));
}

/** A square JPEG around a face; `toBox` is its side as a multiple of the box's longer side, 1 fills the frame. */
export async function cutFace(photo: Buffer, box: Box, toBox: number): Promise<Buffer> {
  const { width, height } = await sharp(photo).metadata();
  const side = Math.max(box.width, box.height) * toBox;
  const left = Math.round(Math.max(box.x + (box.width - side) / 2, 0));
  const top = Math.round(Math.max(box.y + (box.height - side) / 2, 0));
  const cut = {
    left,
    top,
    width: Math.min(Math.round(side), width - left),
    height: Math.min(Math.round(side), height - top),
  };
  return sharp(photo).extract(cut).jpeg({ quality: 95 }).toBuffer();
}
