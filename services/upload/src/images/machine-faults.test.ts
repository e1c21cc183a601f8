import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { DecodeMemory } from '@kilas/pictures/decode-memory.ts';
import { PictureError } from '@kilas/pictures/picture-error.ts';
import { refusalOf } from '@kilas/platform/problems/refusal.ts';
import { systemClock } from '@kilas/platform/process/clock.ts';
import { afterAll, expect, test } from 'vitest';
import { makeCompressed } from '../derivatives/make-compressed.ts';
import { readHeader } from '../derivatives/read-header.ts';
import { normaliseSelfie } from '../facecams/normalise-selfie.ts';
import { MetadataReader } from '../metadata/metadata-reader.ts';
import { judgeImage } from './judge-image.ts';

const folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-broken-'));
const metadata = new MetadataReader();
afterAll(() => metadata.close());
afterAll(() => rm(folder, { recursive: true, force: true }));

const gone = path.join(folder, 'gone');
const noise = path.join(folder, 'noise');
await writeFile(noise, Buffer.alloc(5000, 7));
const decodeMemory = new DecodeMemory(100_000_000);
const config = { SELFIE_PIXELS_MAX: 1_000_000, PHOTO_PIXELS_MAX: 1_000_000 };
const judge = (file: string) => judgeImage({ config, decodeMemory }, file);
const objects = { exists: async () => false } as unknown as Parameters<typeof makeCompressed>[0]['objects'];

const decoders: readonly (readonly [string, (file: string) => Promise<unknown>])[] = [
  ['a selfie', (file) => normaliseSelfie({ config, decodeMemory }, file)],
  ['a photo when it is sent', judge],
  ['a photo', (file) => makeCompressed({ objects, config, decodeMemory }, { compressed_key: 'x' }, file)],
  ['the header of a photo', (file) => readHeader({ metadata, clock: systemClock }, file)],
];

test.each(decoders)('a file that this machine lost is no damaged picture: %s', async (_, decode) => {
  const error = await decode(gone).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(Error);
  expect(refusalOf(error)).toBeUndefined();
  expect(error).not.toBeInstanceOf(PictureError);
});

test('a file that is no picture stays the sender’s to mend', async () => {
  await expect(normaliseSelfie({ config, decodeMemory }, noise)).rejects.toSatisfy(
    (error) => refusalOf(error)?.reason === 'NOT_AN_IMAGE',
  );
  await expect(
    makeCompressed({ objects, config, decodeMemory }, { compressed_key: 'x' }, noise),
  ).rejects.toBeInstanceOf(PictureError);
  expect(await readHeader({ metadata, clock: systemClock }, noise)).toEqual({});
});
