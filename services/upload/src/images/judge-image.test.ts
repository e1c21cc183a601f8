import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { DecodeMemory } from '@kilas/pictures/decode-memory.ts';
import { pictureFormats } from '@kilas/pictures/picture-format.ts';
import { claimSize } from '@kilas/pictures/testing/claim-size.ts';
import { refusalOf } from '@kilas/platform/problems/refusal.ts';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { spoolStream } from '../spool/spool.ts';
import { makeBrandedFile, makeBrokenJpeg, makeImage, makePngBomb, makeTiff } from '../testing/images.ts';
import { judgeImage } from './judge-image.ts';

const pixelsMax = 200_000_000;
const decodeMemory = new DecodeMemory(1_600_000_000);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-judge-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function judge(bytes: Buffer, limit = pixelsMax): Promise<string | undefined> {
  const file = await spoolStream(await mkdtemp(path.join(folder, 'x-')), Readable.from([bytes]));
  return judgeImage({ config: { PHOTO_PIXELS_MAX: limit }, decodeMemory }, file.path).catch((error) => {
    const reason = refusalOf(error)?.reason;
    if (reason === undefined) throw error;
    return reason;
  });
}

test.each(pictureFormats)('a picture in %s is told by its content', async (format) => {
  expect(await judge(await makeImage(format))).toBe(format);
});

test.each(pictureFormats)('a picture in %s that is truncated is refused, wherever it ends', async (format) => {
  const bytes = await makeImage(format);
  for (const length of [bytes.length - 100, bytes.length / 2, 400]) {
    expect(await judge(bytes.subarray(0, length)), `the first ${length} bytes`).toBe('IMAGE_TRUNCATED');
  }
});

test('a tiled TIFF and a BigTIFF are taken whole and refused when truncated', async () => {
  const source = sharp(await makeImage('png', { width: 300, height: 300 }));
  const tiled = await source.clone().tiff({ tile: true, tileWidth: 64, tileHeight: 64, compression: 'lzw' }).toBuffer();
  const big = await source.clone().tiff({ bigtiff: true, compression: 'none' }).toBuffer();
  for (const bytes of [tiled, big]) {
    expect(await judge(bytes)).toBe('tiff');
    expect(await judge(bytes.subarray(0, bytes.length / 2))).toBe('IMAGE_TRUNCATED');
  }
});

test('an AVIF of a few kilobytes that needs more than DECODE_MEMORY_MAX_BYTES is refused with how many megapixels it may have', async () => {
  const bomb = claimSize(await makeImage('avif'), 10_000, 10_000);
  expect(bomb.length).toBeLessThan(20_000);
  expect(await judge(bomb)).toBe('IMAGE_TOO_MANY_PIXELS');
  const file = await spoolStream(await mkdtemp(path.join(folder, 'x-')), Readable.from([bomb]));
  const refused = await judgeImage({ config: { PHOTO_PIXELS_MAX: pixelsMax }, decodeMemory }, file.path).catch(
    refusalOf,
  );
  expect(refused).toMatchObject({ params: { maxMegapixels: '66.66' } });
});

test('a JPEG with a thumbnail inside and bytes behind its end, as phones write them, is taken', async () => {
  const thumbnail = await makeImage('jpeg', { width: 32, height: 32 });
  const bytes = await makeImage('jpeg');
  const segment = Buffer.alloc(4);
  segment.writeUInt16BE(0xffe1, 0);
  segment.writeUInt16BE(thumbnail.length + 2, 2);
  const whole = Buffer.concat([bytes.subarray(0, 2), segment, thumbnail, bytes.subarray(2)]);
  expect(await judge(Buffer.concat([whole, await makeImage('jpeg'), Buffer.from('trailer')]))).toBe('jpeg');
  expect(await judge(whole.subarray(0, whole.length - 20))).toBe('IMAGE_TRUNCATED');
});

test('a progressive JPEG of many scans is taken', async () => {
  const progressive = await sharp(await makeImage('png'))
    .jpeg({ progressive: true })
    .toBuffer();
  expect(await judge(progressive)).toBe('jpeg');
  expect(await judge(progressive.subarray(0, progressive.length / 2))).toBe('IMAGE_TRUNCATED');
});

test('a progressive JPEG that breaks off behind a scan is refused, and one that lacks nothing but its end marker is taken', async () => {
  const whole = await sharp(await makeImage('png'))
    .jpeg({ progressive: true })
    .toBuffer();
  const scans: number[] = [];
  for (let at = whole.indexOf('ffda', 0, 'hex'); at !== -1; at = whole.indexOf('ffda', at + 2, 'hex')) scans.push(at);
  expect(scans.length).toBeGreaterThan(5);
  // With the header of the next one, which nothing follows.
  for (const at of scans.slice(1)) expect(await judge(whole.subarray(0, at + 3))).toBe('IMAGE_TRUNCATED');
  expect(await judge(whole.subarray(0, -2))).toBe('jpeg');
});

test('a few kilobytes that claim 2.5 billion pixels are refused by their header', async () => {
  const bomb = makePngBomb(50_000, 50_000);
  expect(bomb.length).toBeLessThan(4096);
  expect(await judge(bomb)).toBe('IMAGE_TOO_MANY_PIXELS');
});

test('the limit of pixels holds to the pixel', async () => {
  const bytes = await makeImage('png', { width: 40, height: 25 });
  expect(await judge(bytes, 1000)).toBe('png');
  expect(await judge(bytes, 999)).toBe('IMAGE_TOO_MANY_PIXELS');
});

test('a side that no JPEG can hold is refused', async () => {
  expect(await judge(makePngBomb(65_501, 10))).toBe('IMAGE_TOO_LONG');
});

test.each(['heic', 'heix', 'mif1', 'hevc', 'msf1'])('HEIC with the brand %s is refused by name', async (brand) => {
  expect(await judge(makeBrandedFile(brand, 'mif1', 'heic'))).toBe('HEIC_NOT_SUPPORTED');
});

test('AVIF that calls itself mif1 first is AVIF', async () => {
  const bytes = await makeImage('avif');
  bytes.write('mif1', 8, 'latin1');
  expect(await judge(bytes)).toBe('avif');
});

test.each([
  ['DNG', makeTiff([[50706, 1, 4]])],
  ['a colour filter array, as NEF, ARW and PEF hold', makeTiff([[262, 3, 32_803]])],
  ['LinearRaw', makeTiff([[262, 3, 34_892]])],
  ['CR2', Buffer.concat([Buffer.from('II*\0\x10\0\0\0CR\x02\0', 'latin1'), Buffer.alloc(64)])],
  ['CR3', makeBrandedFile('crx ', 'isom')],
  ['RAF', Buffer.concat([Buffer.from('FUJIFILMCCD-RAW 0201'), Buffer.alloc(100)])],
  ['ORF', Buffer.concat([Buffer.from('IIRO\x08\0\0\0\x18', 'latin1'), Buffer.alloc(100)])],
  [
    'RW2',
    Buffer.concat([Buffer.from('49495500180000008', 'hex'), Buffer.from('88e774d8f825', 'hex'), Buffer.alloc(99)]),
  ],
])('%s is refused by the name of RAW', async (_name, bytes) => {
  expect(await judge(bytes)).toBe('RAW_NOT_SUPPORTED');
});

test('sensor data in a nested directory of a TIFF make it RAW, though its first picture is a preview', async () => {
  const outer = makeTiff([
    [262, 3, 2],
    [330, 4, 50],
  ]);
  const nested = makeTiff([[262, 3, 32_803]]).subarray(8);
  expect(await judge(Buffer.concat([outer, Buffer.alloc(50 - outer.length), nested]))).toBe('RAW_NOT_SUPPORTED');
});

test('a TIFF whose directories lead round in a circle is refused', async () => {
  const circle = makeTiff([
    [262, 3, 2],
    [330, 4, 8],
  ]);
  circle.writeUInt32LE(8, circle.length - 4);
  expect(await judge(circle)).toBe('IMAGE_BROKEN');
});

test.each([
  ['text', Buffer.from('This is no picture.')],
  ['a page', Buffer.from('<!doctype html><script>alert(1)</script>')],
  ['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>')],
  ['PDF', Buffer.from('%PDF-1.7\n%âãÏÓ\n1 0 obj')],
  ['a video', makeBrandedFile('isom', 'mp42')],
  ['zeros', Buffer.alloc(5000)],
  ['one byte', Buffer.from([0xff])],
])('%s is no image', async (_name, bytes) => {
  expect(await judge(bytes)).toBe('NOT_AN_IMAGE');
});

test('GIF is no format that we take', async () => {
  expect(
    await judge(
      await sharp(await makeImage('png'))
        .gif()
        .toBuffer(),
    ),
  ).toBe('NOT_AN_IMAGE');
});

test('a file that only begins like a picture is refused as broken or truncated', async () => {
  const nonsense = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
  expect(await judge(nonsense)).toBe('IMAGE_TRUNCATED');
  expect(await judge(Buffer.from('ffd8ffe00001', 'hex'))).toBe('IMAGE_TRUNCATED');
  expect(await judge(Buffer.concat([Buffer.from('ffd8ffd9', 'hex'), Buffer.alloc(100)]))).toBe('IMAGE_BROKEN');
});

test('a picture that lost data in its middle is refused at once', async () => {
  expect(await judge(await makeBrokenJpeg())).toBe('IMAGE_BROKEN');
});
