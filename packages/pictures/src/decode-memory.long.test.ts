import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import sharp, { type Sharp } from 'sharp';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { bytesPerPixelOf, DecodeMemory } from './decode-memory.ts';
import { renderPicture } from './render-picture.ts';
import { claimSize } from './testing/claim-size.ts';

const side = 4000;
/** Code and buffers that do not grow with the picture. */
const besideBytes = 60_000_000;
const child = path.join(import.meta.dirname, 'testing', 'decode-in-child.ts');
const folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-decode-'));
const measured: string[] = [];
afterAll(async () => {
  process.stdout.write(`${measured.join('\n')}\n`);
  await rm(folder, { recursive: true, force: true });
});

async function decodeInChild(file: string) {
  // Through a shell, which is small: what a process starts with counts the most that the one it was made of ever had.
  const { stdout } = await promisify(execFile)('/bin/sh', ['-c', '"$0" "$@"; exit $?', process.execPath, child, file]);
  return z.object({ isMade: z.boolean(), grownBytes: z.number() }).parse(JSON.parse(stdout));
}

const turned = (image: Sharp) => image.withMetadata({ orientation: 6 });

test.each<[string, (image: Sharp) => Sharp]>([
  ['JPEG', (image) => image.jpeg()],
  ['JPEG, turned', (image) => turned(image).jpeg()],
  ['JPEG, CMYK', (image) => image.toColourspace('cmyk').jpeg()],
  ['JPEG, progressive', (image) => image.jpeg({ progressive: true })],
  ['JPEG, progressive, 4:4:4', (image) => image.jpeg({ progressive: true, chromaSubsampling: '4:4:4' })],
  [
    'JPEG, progressive, CMYK',
    (image) => image.toColourspace('cmyk').jpeg({ progressive: true, chromaSubsampling: '4:4:4' }),
  ],
  ['PNG', (image) => image.png()],
  ['PNG, 16 bits', (image) => image.toColourspace('rgb16').png()],
  ['PNG, interlaced', (image) => image.png({ progressive: true })],
  [
    'PNG, interlaced, 16 bits, alpha',
    (image) => image.ensureAlpha(0.5).toColourspace('rgb16').png({ progressive: true }),
  ],
  [
    'PNG, interlaced, 16 bits, alpha, turned',
    (image) => turned(image.ensureAlpha(0.5).toColourspace('rgb16')).png({ progressive: true }),
  ],
  ['WebP', (image) => image.webp({ effort: 0 })],
  ['WebP, lossless', (image) => image.webp({ effort: 0, lossless: true })],
  ['WebP, alpha', (image) => image.ensureAlpha(0.5).webp({ effort: 0 })],
  ['WebP, alpha, turned', (image) => turned(image.ensureAlpha(0.5)).webp({ effort: 0 })],
  ['TIFF', (image) => image.tiff({ compression: 'deflate' })],
  ['TIFF, tiles', (image) => image.tiff({ compression: 'deflate', tile: true, tileWidth: 256, tileHeight: 256 })],
  ['TIFF, 16 bits, turned', (image) => turned(image.toColourspace('rgb16')).tiff({ compression: 'deflate' })],
  ['AVIF', (image) => image.avif({ effort: 0 })],
  ['AVIF, 4:2:0', (image) => image.avif({ effort: 0, chromaSubsampling: '4:2:0' })],
  ['AVIF, grey', (image) => image.toColourspace('b-w').avif({ effort: 0 })],
  ['AVIF, alpha', (image) => image.ensureAlpha(0.5).avif({ effort: 0 })],
  ['AVIF, 10 bits', (image) => image.avif({ effort: 0, bitdepth: 10 })],
  ['AVIF, 12 bits, alpha', (image) => image.ensureAlpha(0.5).avif({ effort: 0, bitdepth: 12 })],
  ['AVIF, 12 bits, alpha, turned', (image) => turned(image.ensureAlpha(0.5)).avif({ effort: 0, bitdepth: 12 })],
])('a picture takes no more memory than it counts with: %s', async (kind, write) => {
  const blank = sharp({ create: { width: side, height: side, channels: 3, background: '#456' } });
  const file = path.join(folder, kind);
  await writeFile(file, await write(blank).toBuffer());
  const bytesPerPixel = bytesPerPixelOf(await sharp(file).metadata());
  const { isMade, grownBytes } = await decodeInChild(file);
  expect(isMade).toBe(true);
  measured.push(`${kind}: ${(grownBytes / side ** 2).toFixed(1)} bytes a pixel, counted with ${bytesPerPixel}`);
  // What is asked of it needs the pixels at least.
  expect(grownBytes).toBeGreaterThan(side ** 2 * 3);
  expect(grownBytes).toBeLessThan(side ** 2 * bytesPerPixel + besideBytes);
});

test('an AVIF that claims fewer pixels than it has takes no memory for them', async () => {
  const blank = sharp({ create: { width: side, height: side, channels: 3, background: '#456' } });
  const file = path.join(folder, 'lying');
  await writeFile(file, claimSize(await blank.avif({ effort: 0 }).toBuffer(), 64, 64));
  const { isMade, grownBytes } = await decodeInChild(file);
  expect(isMade).toBe(false);
  expect(grownBytes).toBeLessThan(besideBytes);
});

test('a JPEG of a camera of medium format that lay on its side is taken', async () => {
  const size = { width: 14_204, height: 10_652 };
  const file = path.join(folder, 'large');
  const blank = sharp({ create: { ...size, channels: 3, background: '#456' } });
  await writeFile(file, await turned(blank).jpeg().toBuffer());
  const limits = { pixelsMax: 160_000_000, secondsMax: 300, memory: new DecodeMemory(1_600_000_000) };
  const look = (pixels: Sharp) => pixels.resize(8, 8, { fit: 'fill' }).raw().toBuffer();
  expect((await renderPicture(file, limits, look)).format).toBe('jpeg');
});
