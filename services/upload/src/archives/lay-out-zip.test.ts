import { crc32 } from 'node:zlib';
import { expect, test } from 'vitest';
import yauzl from 'yauzl';
import { openZip, readZip } from '../testing/read-zip.ts';
import { layOutZip, type ZipEntry } from './lay-out-zip.ts';

const gibibyte = 1024 ** 3;
const modifiedAt = new Date('2026-05-01T07:30:16Z');

interface Stored extends ZipEntry {
  readonly content: Buffer;
}

function stored(name: string, text: string, time = modifiedAt): Stored {
  const content = Buffer.from(text);
  return { name, content, sizeBytes: content.length, crc32: crc32(content), modifiedAt: time };
}

/** A file of which only the length is true. */
const hollow = (name: string, sizeBytes: number): Stored => ({ ...stored(name, ''), sizeBytes });

/** The bytes of a range; those of a hollow file are zeros. */
function readerOf(entries: readonly Stored[]) {
  const { pieces, sizeBytes } = layOutZip(entries);
  async function* readRange(first: number, last: number): AsyncGenerator<Buffer> {
    for (const piece of pieces) {
      const start = Math.max(0, first - piece.start);
      const end = Math.min(piece.sizeBytes - 1, last - piece.start);
      if (start > end) continue;
      const bytes = 'bytes' in piece ? piece.bytes : piece.entry.content;
      // Of a hollow file the end is looked at, where the directory is sought.
      if (bytes.length === piece.sizeBytes) yield bytes.subarray(start, end + 1);
      else yield Buffer.alloc(end + 1 - start);
    }
  }
  return { readRange, sizeBytes };
}

test('what is stored comes back byte for byte, under names of every script and with the time of each', async () => {
  const files = [stored('Garis finis.jpg', 'one'), stored('ゴール 🏁.png', ''), stored('é.webp', 'three'.repeat(9999))];
  const { readRange, sizeBytes } = readerOf(files);
  const { entries, read } = await openZip(sizeBytes, readRange);
  expect(entries.map(({ fileName }) => fileName)).toEqual(files.map(({ name }) => name));
  for (const [i, entry] of entries.entries()) {
    expect(await read(entry)).toEqual(files[i]?.content);
    expect(entry.compressionMethod).toBe(0);
    expect(entry.getLastModDate()).toEqual(modifiedAt);
    expect(entry.isEncrypted()).toBe(false);
  }
});

test('the length is known before the first byte, and the same files make the same bytes', async () => {
  const files = [stored('a.jpg', 'one'), stored('b.jpg', 'two')];
  const all = async () => {
    const { readRange, sizeBytes } = readerOf(files);
    return { bytes: Buffer.concat(await Array.fromAsync(readRange(0, sizeBytes - 1))), sizeBytes };
  };
  const { bytes, sizeBytes } = await all();
  expect(bytes.length).toBe(sizeBytes);
  expect((await all()).bytes).toEqual(bytes);
  expect([...(await readZip(bytes)).keys()]).toEqual(['a.jpg', 'b.jpg']);
});

test('each range is a part of the whole, wherever it begins and ends', async () => {
  const { readRange, sizeBytes } = readerOf([stored('a.jpg', 'first'), stored('b.jpg', 'second')]);
  const read = async (start: number, end: number) => Buffer.concat(await Array.fromAsync(readRange(start, end)));
  const whole = await read(0, sizeBytes - 1);
  for (let start = 0; start < sizeBytes; start++) {
    for (const end of [start, Math.min(start + 40, sizeBytes - 1), sizeBytes - 1]) {
      expect(await read(start, end)).toEqual(whole.subarray(start, end + 1));
    }
  }
});

test('files behind the first four gibibytes are found, and so is the directory', async () => {
  const many = Array.from({ length: 90 }, (_, i) => hollow(`${i}.jpg`, 100 * 1024 ** 2));
  const { readRange, sizeBytes } = readerOf([stored('first.jpg', 'near'), ...many, stored('last.jpg', 'far')]);
  expect(sizeBytes).toBeGreaterThan(8 * gibibyte);
  const { entries, read } = await openZip(sizeBytes, readRange);
  expect(entries.length).toBe(92);
  const [first, last] = [entries[0], entries[91]];
  if (first === undefined || last === undefined) throw new Error('entries are missing');
  expect([String(await read(first)), String(await read(last))]).toEqual(['near', 'far']);
  expect(last.relativeOffsetOfLocalHeader).toBeGreaterThan(8 * gibibyte);
});

test('a file of more than four gibibytes has its length in both headers', async () => {
  const size = 5 * gibibyte + 7;
  const { readRange, sizeBytes } = readerOf([hollow('huge.tif', size), stored('after.jpg', 'behind')]);
  const { zip, entries, read } = await openZip(sizeBytes, readRange);
  const [huge, after] = entries;
  if (huge === undefined || after === undefined) throw new Error('entries are missing');
  expect([huge.uncompressedSize, huge.compressedSize]).toEqual([size, size]);
  const local = await zip.readLocalFileHeaderPromise(huge);
  const field = local.extraField;
  expect([field.readUInt16LE(0), field.readBigUInt64LE(4), field.readBigUInt64LE(12)]).toEqual([
    1,
    BigInt(size),
    BigInt(size),
  ]);
  expect(String(await read(after))).toBe('behind');
});

test.each([
  ['of exactly four gibibytes less one', 0xffffffff],
  ['of one byte less', 0xfffffffe],
])('a file %s keeps its length', async (_what, size) => {
  const { readRange, sizeBytes } = readerOf([hollow('edge.tif', size), stored('after.jpg', 'behind')]);
  const { entries, read } = await openZip(sizeBytes, readRange);
  expect(entries[0]?.uncompressedSize).toBe(size);
  if (entries[1] === undefined) throw new Error('an entry is missing');
  expect(String(await read(entries[1]))).toBe('behind');
});

test('more files than 16 bits count are all there', async () => {
  const { pieces, sizeBytes } = layOutZip(Array.from({ length: 65_537 }, (_, i) => stored(`${i}`, '')));
  const bytes = Buffer.concat(pieces.map((piece) => ('bytes' in piece ? piece.bytes : piece.entry.content)));
  expect(bytes.length).toBe(sizeBytes);
  expect((await yauzl.fromBufferPromise(bytes, { lazyEntries: true })).entryCount).toBe(65_537);
});

test('times that the format cannot hold do not make a broken file', async () => {
  const times = ['1900-01-01T00:00:00Z', '2050-06-01T10:00:00Z', '2200-12-31T23:59:59Z'];
  const { readRange, sizeBytes } = readerOf(times.map((time, i) => stored(`${i}.jpg`, 'x', new Date(time))));
  const { entries, read } = await openZip(sizeBytes, readRange);
  for (const entry of entries) expect(String(await read(entry))).toBe('x');
  const years = entries.map((entry) => entry.getLastModDate({ timezone: 'UTC' }).getUTCFullYear());
  expect(years).toEqual([1980, 2050, 2107]);
});
