import sharp from 'sharp';
import { expect, test } from 'vitest';
import { readExif } from './read-exif.ts';

async function write(tags: { image?: Record<string, string>; photo?: Record<string, string> }): Promise<Buffer> {
  const bytes = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#888' } })
    .jpeg()
    .withExif({ IFD0: tags.image ?? {}, IFD2: tags.photo ?? {} })
    .toBuffer();
  const { exif } = await sharp(bytes).metadata();
  if (exif === undefined) throw new Error('no EXIF was written');
  return exif;
}

test('time, offset and camera are read as the camera wrote them', async () => {
  const block = await write({
    image: { Make: 'NIKON CORPORATION', Model: 'NIKON Z 9' },
    photo: { DateTimeOriginal: '2026:05:01 07:30:59', OffsetTimeOriginal: '+07:00' },
  });
  expect(readExif(block)).toEqual({
    capturedLocal: '2026-05-01T07:30:59',
    capturedOffset: '+07:00',
    camera: 'NIKON Z 9',
  });
});

test('a maker that its model does not name stands before it', async () => {
  expect(readExif(await write({ image: { Make: 'samsung', Model: 'SM-S918B' } }))).toEqual({
    camera: 'samsung SM-S918B',
  });
});

test.each([
  ['a clock that was never set', { DateTimeOriginal: '1970:01:01 00:00:00' }],
  ['no date at all', { DateTimeOriginal: '    :  :     :  :  ' }],
  ['a month that is none', { DateTimeOriginal: '2026:13:41 27:61:99' }],
  ['an offset without a time', { OffsetTimeOriginal: '+07:00' }],
])('%s counts as no time', async (_what, photo) => {
  expect(readExif(await write({ photo })).capturedLocal).toBeUndefined();
});

test.each(['+25:00', '07:00', 'Z', '+7'])('the offset %s counts as none', async (OffsetTimeOriginal) => {
  const photo = { DateTimeOriginal: '2026:05:01 07:30:00', OffsetTimeOriginal };
  expect(readExif(await write({ photo }))).toEqual({ capturedLocal: '2026-05-01T07:30:00' });
});

test('a block that is garbage, empty, cut short or far too large holds nothing', async () => {
  const block = await write({ image: { Make: 'Canon', Model: 'Canon EOS R5' } });
  expect(readExif(Buffer.alloc(0))).toEqual({});
  expect(readExif(Buffer.alloc(500, 0xff))).toEqual({});
  for (let length = 0; length < block.length; length++) readExif(block.subarray(0, length));
  expect(readExif(Buffer.concat([block, Buffer.alloc(1024 * 1024)]))).toEqual({});
});

test('entries that claim more values than there is memory for cost nothing, and hide nothing', async () => {
  const entryCount = 20_000;
  const block = Buffer.alloc(1_000_000);
  block.write('II*\0', 0, 'latin1');
  block.writeUInt32LE(8, 4);
  block.writeUInt16LE(entryCount, 8);
  for (let index = 0; index < entryCount; index++) {
    const at = 10 + index * 12;
    // The first is the camera's name, the others each claim all there is as an array of short numbers.
    block.writeUInt16LE(index === 0 ? 0x0110 : 0x9100 + (index % 1000), at);
    block.writeUInt16LE(index === 0 ? 2 : 3, at + 2);
    block.writeUInt32LE(index === 0 ? 4 : 350_000, at + 4);
    block.writeUInt32LE(index === 0 ? 0x00_39_5a_20 : 300_000, at + 8);
  }
  const startedAt = performance.now();
  expect(readExif(block)).toEqual({ camera: 'Z9' });
  // Reading them all takes minutes and gigabytes.
  expect(performance.now() - startedAt).toBeLessThan(1000);
});

test.each(['II', 'MM'])('a block of the byte order %s is read', (order) => {
  const block = Buffer.from(`${order}\0\0\0\0\0\0`, 'latin1');
  const isLittle = order === 'II';
  const short = (value: number) => Buffer.from(isLittle ? [value & 255, value >> 8] : [value >> 8, value & 255]);
  const long = (value: number) =>
    isLittle
      ? Buffer.concat([short(value & 65_535), short(value >> 16)])
      : Buffer.concat([short(value >> 16), short(value & 65_535)]);
  const head = Buffer.concat([block.subarray(0, 2), short(42), long(8)]);
  const directory = Buffer.concat([short(1), short(0x010f), short(2), long(6), long(26), long(0)]);
  expect(readExif(Buffer.concat([head, directory, Buffer.from('Canon\0')]))).toEqual({ camera: 'Canon' });
});
