import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DecodeMemory } from '@kilas/pictures/decode-memory.ts';
import { expectChart, openFields } from '@kilas/pictures/testing/chart.ts';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { normaliseSelfie } from './normalise-selfie.ts';

const decodeMemory = new DecodeMemory(1_000_000_000);
const config = { SELFIE_PIXELS_MAX: 10_000_000 };
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'kilas-selfies-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function normalise(bytes: Buffer): Promise<Buffer> {
  const file = path.join(folder, 'selfie');
  await writeFile(file, bytes);
  return normaliseSelfie({ config, decodeMemory }, file);
}

test.each([1, 2, 3, 4, 5, 6, 7, 8])(
  'a selfie of orientation %i is upright and says nothing more',
  async (orientation) => {
    const quarterTurns = [0, 0, 180, 180, 90, 270, 270, 90][orientation - 1] ?? 0;
    const turned = sharp(await openFields().rotate(quarterTurns).png().toBuffer());
    const stored = [2, 4, 5, 7].includes(orientation) ? turned.flop() : turned;
    const bytes = await stored
      .jpeg({ quality: 95, chromaSubsampling: '4:4:4' })
      .withMetadata({ orientation })
      .toBuffer();
    expect((await sharp(bytes).metadata()).orientation).toBe(orientation);
    const selfie = await normalise(bytes);
    await expectChart(selfie, 8);
    const { exif, icc, xmp, orientation: left } = await sharp(selfie).metadata();
    expect({ exif, icc, xmp, left }).toEqual({});
  },
);

test('a selfie is made smaller to 1600 pixels, and never larger', async () => {
  const sizeOf = async (width: number, height: number) => {
    const made = await sharp({ create: { width, height, channels: 3, background: '#888' } })
      .jpeg()
      .toBuffer();
    const { width: w, height: h, format } = await sharp(await normalise(made)).metadata();
    return [w, h, format];
  };
  expect(await sizeOf(1700, 850)).toEqual([1600, 800, 'jpeg']);
  expect(await sizeOf(800, 3200)).toEqual([400, 1600, 'jpeg']);
  expect(await sizeOf(320, 240)).toEqual([320, 240, 'jpeg']);
});
