import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { expect, test } from 'vitest';
import { PictureError } from './picture-error.ts';
import { pictureFormats } from './picture-format.ts';
import { renderPicture } from './render-picture.ts';
import { limits, render } from './testing/chart.ts';
import { drawNoise, insert, replace } from './testing/spoil.ts';
import { type TiffEntry, writeTiff } from './testing/tiff.ts';

// As in upload: a file that was written anew is read anew.
sharp.cache(false);

const size = { width: 320, height: 200 };

async function save(write: (image: Sharp) => Sharp): Promise<Buffer> {
  return write(sharp(await drawNoise(size), { raw: { ...size, channels: 3 } })).toBuffer();
}

const asTruncated = { fault: 'truncated' };

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

test.each(pictureFormats)('a picture in %s with bytes behind its end is taken with all its pixels', async (format) => {
  const bytes = await save((image) => image.toFormat(format, format === 'avif' ? { effort: 0 } : {}));
  const wanted = await render(bytes);
  for (const more of [Buffer.alloc(1000), Buffer.from('a'), Buffer.from('trailer of an editor')]) {
    expect(await render(Buffer.concat([bytes, more]))).toEqual(wanted);
  }
});

test.each(pictureFormats)(
  'a picture in %s is the same from a file as from memory, whole or truncated',
  async (format) => {
    const bytes = await save((image) => image.toFormat(format, format === 'avif' ? { effort: 0 } : {}));
    const folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-pictures-'));
    try {
      const file = path.join(folder, 'picture');
      await writeFile(file, bytes);
      expect(await render(file)).toEqual(await render(bytes));
      for (const length of [bytes.length / 2, 400]) {
        await writeFile(file, bytes.subarray(0, length));
        await expect(render(file), `${length} bytes`).rejects.toMatchObject(asTruncated);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  },
);

test('a PNG without its end, and with a note whose checksum is wrong, is taken with all its pixels', async () => {
  for (const progressive of [false, true]) {
    const png = await save((image) => image.png({ progressive }));
    const wanted = await render(png);
    for (const missing of [12, 8, 4, 1]) expect(await render(png.subarray(0, png.length - missing))).toEqual(wanted);
    const note = chunk('tEXt', Buffer.from('Title\0A run'));
    expect(await render(insert(png, 33, note))).toEqual(wanted);
    expect(await render(insert(png, 33, replace(note, note.length - 1, [0])))).toEqual(wanted);
  }
});

test('a PNG that lacks pixels is refused', async () => {
  const png = await save((image) => image.png());
  for (const missing of [13, 100, png.length / 2, png.length - 60, png.length - 20]) {
    await expect(render(png.subarray(0, png.length - missing))).rejects.toMatchObject(asTruncated);
  }
  const checksumAt = png.length - 13;
  const spoiled = replace(png, checksumAt, [(png[checksumAt] ?? 0) ^ 1]);
  await expect(render(spoiled)).rejects.toBeInstanceOf(PictureError);
});

test('a WebP without its last byte of padding, or that counts one byte too many or too few, is taken with all its pixels', async () => {
  for (const copyright of ['abc', 'abcd']) {
    const webp = await save((image) => image.webp().withExif({ IFD0: { Copyright: copyright } }));
    const wanted = await render(webp);
    const hasPadding = webp.readUInt32LE(webp.lastIndexOf('EXIF') + 4) % 2 === 1;
    const bare = hasPadding ? webp.subarray(0, webp.length - 1) : webp;
    expect(await render(bare)).toEqual(wanted);
    for (const wrong of [-2, -1, 1]) {
      const other = Buffer.from(bare);
      other.writeUInt32LE(webp.length - 8 + wrong, 4);
      if (!hasPadding || wrong < 1) expect(await render(other), `${copyright} ${wrong}`).toEqual(wanted);
    }
  }
});

test('a WebP that lacks more than padding is refused', async () => {
  const webp = await save((image) => image.webp());
  const claiming = Buffer.from(webp);
  claiming.writeUInt32LE(webp.length - 8 + 508, 4);
  for (const bytes of [claiming, webp.subarray(0, webp.length - 2), webp.subarray(0, webp.length - 100)]) {
    await expect(render(bytes)).rejects.toMatchObject(asTruncated);
  }
});

test('an AVIF with a box that nobody knows is taken, and one that lacks a byte is refused', async () => {
  const avif = await save((image) => image.avif({ effort: 0 }));
  const wanted = await render(avif);
  const box = Buffer.from('\0\0\0\x0cfree\0\0\0\0', 'latin1');
  expect(await render(Buffer.concat([avif, box]))).toEqual(wanted);
  for (const missing of [1, 2, 100]) {
    await expect(render(avif.subarray(0, avif.length - missing))).rejects.toMatchObject(asTruncated);
  }
});

const oddEntries: [string, TiffEntry[]][] = [
  ['of a tag that nobody knows', [{ tag: 65_000, type: 4, values: [1, 2, 3, 4] }]],
  [
    'twice',
    [
      { tag: 305, type: 2, values: [65, 0] },
      { tag: 305, type: 2, values: [66, 0] },
    ],
  ],
];

test.each(oddEntries)('a TIFF with an entry %s is taken with all its pixels', async (_what, entries) => {
  const pixels = await drawNoise(size);
  expect((await render(writeTiff([{ ...size, pixels, entries }]))).data).toEqual(pixels);
});

test('a TIFF with its directory at an odd place, with none after it, or with a note past its end is taken with all its pixels', async () => {
  const pixels = await drawNoise(size);
  expect((await render(writeTiff([{ ...size, pixels, oddPlace: true }]))).data).toEqual(pixels);
  const beyond = writeTiff([{ ...size, pixels, entries: [{ tag: 65_000, type: 4, values: [1, 2, 3] }] }]);
  beyond.writeUInt32LE(beyond.length + 1000, beyond.length - 8);
  expect((await render(beyond)).data).toEqual(pixels);
});

test('TIFFs of all kinds are taken, and refused when truncated', async () => {
  const kinds: ((image: Sharp) => Sharp)[] = [
    (image) => image.tiff({ compression: 'none' }),
    (image) => image.tiff({ compression: 'lzw', predictor: 'horizontal' }),
    (image) => image.tiff({ compression: 'deflate', bigtiff: true }),
    (image) => image.tiff({ compression: 'lzw', tile: true, tileWidth: 64, tileHeight: 64 }),
    (image) => image.tiff({ compression: 'none', bigtiff: true, tile: true }),
    (image) => image.tiff({ compression: 'jpeg' }),
    (image) => image.toColourspace('b-w').tiff({ compression: 'lzw' }),
    (image) => image.toColourspace('b-w').tiff({ bitdepth: 1, compression: 'ccittfax4' }),
  ];
  for (const [index, kind] of kinds.entries()) {
    const tiff = await save(kind);
    expect(await render(tiff), `kind ${index}`).toMatchObject({ ...size, channels: 3 });
    const half = tiff.subarray(0, tiff.length / 2);
    await expect(render(half), `half of kind ${index}`).rejects.toMatchObject(asTruncated);
  }
  // Directory first, as scanners write: the pixels are what is cut.
  const pixels = await drawNoise(size);
  const last = writeTiff([{ ...size, pixels }]);
  const moved = Buffer.concat([last, pixels]);
  moved.writeUInt32LE(last.length, last.indexOf(Buffer.from('110104000100000008000000', 'hex')) + 8);
  expect((await render(moved)).data).toEqual(pixels);
  await expect(render(moved.subarray(0, moved.length - 5000))).rejects.toMatchObject(asTruncated);
});

test('of an animated picture the first one is shown, alone', async () => {
  const frames = await Promise.all(
    ['#f00', '#0f0', '#00f'].map((background) =>
      sharp({ create: { width: 64, height: 48, channels: 3, background } })
        .png()
        .toBuffer(),
    ),
  );
  const bytes = await sharp(frames, { join: { animated: true } })
    .webp({ lossless: true, delay: [100, 100, 100] })
    .toBuffer();
  const { data, width, height } = await render(bytes);
  expect([width, height, ...data.subarray(0, 3)]).toEqual([64, 48, 255, 0, 0]);
});

test('limits hold by the header', async () => {
  const png = await save((image) => image.png());
  const count = (picture: Sharp) => picture.raw().toBuffer();
  await expect(renderPicture(png, { ...limits, pixelsMax: 63_999 }, count)).rejects.toMatchObject({
    fault: 'too_many_pixels',
  });
  await expect(renderPicture(png, { ...limits, sideMax: 319 }, count)).rejects.toMatchObject({ fault: 'too_long' });
  await renderPicture(png, { ...limits, pixelsMax: 64_000, sideMax: 320 }, count);
});
