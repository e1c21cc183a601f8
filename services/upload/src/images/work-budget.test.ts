import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { refusalOf } from '@kilas/platform/refusal.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkAvif } from './check-avif.ts';
import { checkJpeg } from './check-jpeg.ts';
import { checkTiff } from './check-tiff.ts';
import { FileWindow } from './file-window.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-work-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function box(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + body.length);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, body]);
}

/** An item location box whose items each have 65,535 extents of no bytes. */
function avifOfEmptyExtents(itemCount: number): Buffer {
  const table = Buffer.alloc(8 + itemCount * 6);
  table.writeUInt16BE(itemCount, 6);
  for (let item = 0; item < itemCount; item++) table.writeUInt16BE(65_535, 12 + item * 6);
  return Buffer.concat([
    box('ftyp', Buffer.from('avif\0\0\0\0avif', 'latin1')),
    box('meta', Buffer.concat([Buffer.alloc(4), box('iloc', table)])),
  ]);
}

/** Directories, one after another, whose entries have the same million bytes as their value. */
function tiffOfSharedValues(
  directoryCount: number,
  entries: readonly (readonly [tag: number, value: number])[],
): Buffer {
  const directoryBytes = 2 + entries.length * 12 + 4;
  const valuesAt = 8 + directoryCount * directoryBytes;
  const bytes = Buffer.alloc(valuesAt + 1_000_000);
  bytes.write('II*\0', 0, 'latin1');
  bytes.writeUInt32LE(8, 4);
  for (let directory = 0; directory < directoryCount; directory++) {
    const start = 8 + directory * directoryBytes;
    bytes.writeUInt16LE(entries.length, start);
    for (const [index, [tag, count]] of entries.entries()) {
      const at = start + 2 + index * 12;
      bytes.writeUInt16LE(tag, at);
      bytes.writeUInt16LE(2, at + 2);
      bytes.writeUInt32LE(count, at + 4);
      bytes.writeUInt32LE(valuesAt, at + 8);
    }
    bytes.writeUInt32LE(directory + 1 < directoryCount ? start + directoryBytes : 0, start + directoryBytes - 4);
  }
  return bytes;
}

const manyStrips = Array.from({ length: 20 }, () => [273, 1_000_000] as const);

test.each([
  ['an AVIF table of empty extents', checkAvif, avifOfEmptyExtents(20)],
  ['a TIFF that names the same values again and again in one directory', checkTiff, tiffOfSharedValues(1, manyStrips)],
  ['a TIFF whose directories share their values', checkTiff, tiffOfSharedValues(10, [[273, 500_000]])],
  ['a JPEG of nothing but markers', checkJpeg, Buffer.alloc(400_000, Buffer.from('ffd8', 'hex'))],
  [
    'a JPEG of empty segments',
    checkJpeg,
    Buffer.concat([Buffer.from('ffd8', 'hex'), Buffer.alloc(800_000, Buffer.from('ffe00002', 'hex'))]),
  ],
])('%s is refused before it costs anything', async (_what, check, bytes) => {
  const file = path.join(folder, 'hostile');
  await writeFile(file, bytes);
  const window = await FileWindow.open(file);
  const outcome = await check(window).then(
    () => 'taken',
    (error) => refusalOf(error)?.reason,
  );
  await window.close();
  expect(outcome).toBe('IMAGE_BROKEN');
});
