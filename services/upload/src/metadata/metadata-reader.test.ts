import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readHeader } from '../derivatives/read-header.ts';
import {
  exifSegment,
  exifTag,
  iptcSegment,
  makeExif,
  makePlainJpeg,
  makeTiffPages,
  makeXmp,
  withChunks,
  withSegments,
  xmpSegment,
} from '../testing/metadata.ts';
import { MetadataReader } from './metadata-reader.ts';

const metadata = new MetadataReader();
const clock = { now: () => new Date('2026-06-01T00:00:00Z') };
let folder: string;
let jpeg: Buffer;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-metadata-'));
  jpeg = await makePlainJpeg();
});
afterAll(async () => {
  await metadata.close();
  await rm(folder, { recursive: true, force: true });
});

let count = 0;
async function store(bytes: Buffer): Promise<string> {
  const file = path.join(folder, String(count++));
  await writeFile(file, bytes);
  return file;
}
const headerOf = async (bytes: Buffer) => readHeader({ metadata, clock }, await store(bytes));

const texts = {
  image: { [exifTag.make]: 'NIKON CORPORATION', [exifTag.model]: 'NIKON Z 9' },
  photo: { [exifTag.original]: '2026:05:01 07:30:15', [exifTag.offsetOriginal]: '+07:00' },
};
const header = {
  capturedLocal: '2026-05-01T07:30:15',
  capturedOffset: '+07:00',
  capturedField: 'exif:DateTimeOriginal',
  camera: 'NIKON Z 9',
};

test.each(['II', 'MM'] as const)('EXIF of the byte order %s is read from JPEG, PNG and TIFF', async (order) => {
  const block = makeExif({ ...texts, order });
  const png = await sharp(jpeg).png().toBuffer();
  expect(await headerOf(withSegments(jpeg, exifSegment(block)))).toEqual(header);
  expect(await headerOf(withChunks(png, ['eXIf', block]))).toEqual(header);
  expect(await headerOf(makeTiffPages([{ ...texts, width: 8, height: 8 }], order))).toEqual(header);
});

test.each(['webp', 'avif'] as const)('EXIF and XMP are read from %s', async (format) => {
  const exif = { IFD0: { Make: 'Sony', Model: 'ILCE-1' }, IFD2: { DateTimeOriginal: '2026:05:01 07:30:15' } };
  const withExif = await sharp(jpeg).toFormat(format).withExif(exif).toBuffer();
  expect(await headerOf(withExif)).toMatchObject({ capturedLocal: header.capturedLocal, camera: 'Sony ILCE-1' });
  const xmp = makeXmp({ 'photoshop:DateCreated': '2026-05-01T07:30:15+07:00' });
  const withXmp = await sharp(jpeg).toFormat(format).withXmp(xmp).toBuffer();
  expect(await headerOf(withXmp)).toEqual({
    capturedLocal: header.capturedLocal,
    capturedOffset: '+07:00',
    capturedField: 'xmp:DateCreated',
  });
});

test.each([
  ['the first directory', { image: { [exifTag.original]: '2026:05:01 07:30:15' } }, 'exif:DateTimeOriginal'],
  ['when it was digitised', { photo: { [exifTag.digitized]: '2026:05:01 07:30:15' } }, 'exif:DateTimeDigitized'],
  ['when it was changed', { image: { [exifTag.changed]: '2026:05:01 07:30:15' } }, 'exif:DateTime'],
])('a date in %s is better than none', async (_where, exif, capturedField) => {
  expect(await headerOf(withSegments(jpeg, exifSegment(makeExif(exif))))).toEqual({
    capturedLocal: header.capturedLocal,
    capturedField,
  });
});

test('XMP and IPTC are read from JPEG', async () => {
  const xmp = makeXmp({
    'exif:DateTimeOriginal': '2026-05-01T07:30:15+07:00',
    'tiff:Make': 'Canon',
    'tiff:Model': 'Canon EOS R5',
  });
  expect(await headerOf(withSegments(jpeg, xmpSegment(xmp)))).toEqual({
    capturedLocal: header.capturedLocal,
    capturedOffset: '+07:00',
    capturedField: 'xmp:DateTimeOriginal',
    camera: 'Canon EOS R5',
  });
  expect(await headerOf(withSegments(jpeg, iptcSegment({ 55: '20260501', 60: '073015+0700' })))).toEqual({
    capturedLocal: header.capturedLocal,
    capturedOffset: '+07:00',
    capturedField: 'iptc:DateCreated',
  });
});

test('PNG says it in texts, plain or compressed, or as when it was changed', async () => {
  const png = await sharp(jpeg).png().toBuffer();
  const dated = (chunk: readonly [string, Buffer]) => headerOf(withChunks(png, chunk));
  const mail = Buffer.from('Creation Time\0Fri, 01 May 2026 07:30:15 +0700');
  expect(await dated(['tEXt', mail])).toMatchObject({ capturedLocal: header.capturedLocal, capturedOffset: '+07:00' });
  const packed = Buffer.concat([
    Buffer.from('Creation Time\0\0'),
    deflateSync(Buffer.from('2026-05-01T07:30:15+07:00')),
  ]);
  expect(await dated(['zTXt', packed])).toMatchObject({
    capturedLocal: header.capturedLocal,
    capturedOffset: '+07:00',
  });
  const xmp = Buffer.from(`XML:com.adobe.xmp\0\0\0\0\0${makeXmp({ 'xmp:CreateDate': '2026-05-01T07:30:15+07:00' })}`);
  expect(await dated(['iTXt', xmp])).toMatchObject({ capturedLocal: header.capturedLocal, capturedOffset: '+07:00' });
  expect(await dated(['tIME', Buffer.from([0x07, 0xea, 5, 1, 0, 30, 15])])).toEqual({
    capturedLocal: '2026-05-01T00:30:15',
    capturedOffset: '+00:00',
    capturedField: 'png:ModifyDate',
  });
});

test("a TIFF's metadata is that of the page that is the picture; the first one tells what that page leaves out", async () => {
  const small = {
    width: 4,
    height: 4,
    isReduced: true,
    photo: { [exifTag.original]: '2026:04:30 01:02:03' },
    image: { [exifTag.model]: 'Small' },
  };
  const other = {
    width: 6,
    height: 6,
    photo: { [exifTag.original]: '2026:04:29 01:02:03' },
    image: { [exifTag.model]: 'Other' },
  };
  expect(await headerOf(makeTiffPages([small, other, { ...texts, width: 8, height: 8 }]))).toEqual(header);
  expect(await headerOf(makeTiffPages([small, { width: 8, height: 8 }]))).toEqual({
    capturedLocal: '2026-04-30T01:02:03',
    capturedField: 'exif:DateTimeOriginal',
    camera: 'Small',
  });
  expect(await headerOf(makeTiffPages([other, { width: 8, height: 8 }]))).toMatchObject({ camera: 'Other' });
  expect(
    await headerOf(
      makeTiffPages([
        { ...texts, width: 8, height: 8 },
        { ...other, width: 9, isReduced: true },
      ]),
    ),
  ).toEqual(header);
});

test('what only the decoder forgives is read as the decoder reads it', async () => {
  const whole = withSegments(jpeg, exifSegment(makeExif(texts)));
  const padded = Buffer.concat([whole.subarray(0, 2), Buffer.alloc(7), whole.subarray(2)]);
  expect(await headerOf(padded)).toEqual(header);
});

test.each([
  ['samsung', 'SM-S918B', 'samsung SM-S918B'],
  ['Café', 'T1 ÿ', 'Café T1 ÿ'],
  ['Can\0on', '\x01\x02 T1', 'Can T1'],
])('a camera %j %j is named %s', async (make, model, camera) => {
  const image = { [exifTag.make]: make, [exifTag.model]: model };
  expect(await headerOf(withSegments(jpeg, exifSegment(makeExif({ image }))))).toEqual({ camera });
});

test('a block that is garbage, empty, or truncated anywhere holds what there is, and costs no later file anything', async () => {
  const block = makeExif(texts);
  for (const garbage of [
    Buffer.alloc(0),
    Buffer.alloc(500, 0xff),
    Buffer.from('II*\0\x08\0\0\0\xff\xff'.repeat(200), 'latin1'),
  ]) {
    expect(await headerOf(withSegments(jpeg, exifSegment(garbage)))).toEqual({});
  }
  for (let length = 0; length < block.length; length += 7)
    await headerOf(withSegments(jpeg, exifSegment(block.subarray(0, length))));
  for (let length = 0; length < 200; length += 13)
    await headerOf(makeTiffPages([{ ...texts, width: 8, height: 8 }]).subarray(0, length));
  expect(await headerOf(Buffer.alloc(0))).toEqual({});
  expect(await headerOf(withSegments(jpeg, exifSegment(block)))).toEqual(header);
});

test('directories that lead back to themselves or claim more than there is cost nothing', async () => {
  const tiff = makeTiffPages([{ ...texts, width: 8, height: 8 }]);
  const first = tiff.readUInt32LE(4);
  const entryCount = tiff.readUInt16LE(first);
  tiff.writeUInt32LE(first, first + 2 + entryCount * 12);
  expect(await headerOf(tiff)).toEqual(header);
  tiff.writeUInt16LE(65_535, first);
  expect(await headerOf(tiff)).toEqual({});
});

test('XMP on which the thread runs out of memory costs XMP alone', async () => {
  const deep = '<a>'.repeat(400_000);
  const xmp = Buffer.from(`XML:com.adobe.xmp\0\0\0\0\0${makeXmp({}).replace('</rdf:RDF>', `${deep}</rdf:RDF>`)}`);
  const png = await sharp(jpeg).png().toBuffer();
  expect(await headerOf(withChunks(png, ['eXIf', makeExif(texts)], ['iTXt', xmp]))).toEqual(header);
  expect(await headerOf(withSegments(jpeg, exifSegment(makeExif(texts))))).toEqual(header);
});

test('a text that would unpack to gigabytes is left out', async () => {
  const bomb = Buffer.concat([Buffer.from('Creation Time\0\0'), deflateSync(Buffer.alloc(64 * 1024 * 1024, 0x20))]);
  const png = await sharp(jpeg).png().toBuffer();
  expect(await headerOf(withChunks(png, ['eXIf', makeExif(texts)], ['zTXt', bomb]))).toEqual(header);
});

test('a file that this machine cannot read is no file without metadata', async () => {
  await expect(metadata.read(path.join(folder, 'gone'))).rejects.toMatchObject({ code: 'ENOENT' });
  const file = await store(withSegments(jpeg, exifSegment(makeExif(texts))));
  expect(await metadata.read(file)).toMatchObject({ 'exif:Model': 'NIKON Z 9' });
});

test('a file that takes too long is left, and the next one is read', async () => {
  const impatient = new MetadataReader({ timeoutMs: 1 });
  const file = await store(withSegments(jpeg, exifSegment(makeExif(texts))));
  expect(await impatient.read(file)).toEqual({});
  await impatient.close();
  expect(await metadata.read(file)).toMatchObject({ 'exif:Model': 'NIKON Z 9' });
});

test('of a file that holds a hundred megabytes of pixels only the metadata is read', async () => {
  const png = await sharp(jpeg).png().toBuffer();
  const pixels = Buffer.alloc(100 * 1024 * 1024);
  const file = await store(withChunks(png, ['IDAT', pixels], ['eXIf', makeExif(texts)]));
  expect(await metadata.read(file)).toMatchObject({ 'exif:DateTimeOriginal': '2026:05:01 07:30:15' });
});

test('several files at once are each answered with their own', async () => {
  const models = Array.from({ length: 20 }, (_, index) => `Camera ${index}`);
  const found = await Promise.all(
    models.map((model) => headerOf(withSegments(jpeg, exifSegment(makeExif({ image: { [exifTag.model]: model } }))))),
  );
  expect(found.map(({ camera }) => camera)).toEqual(models);
});
