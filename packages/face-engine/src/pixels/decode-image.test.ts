import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { readSample } from '../testing/test-samples.ts';
import { decodeImage } from './decode-image.ts';

function pixelOf({ data, width }: { data: Uint8Array; width: number }, x: number, y: number): number[] {
  return [...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];
}

/** A PNG that claims a size which its data does not have. */
function pngOfSize(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    pngChunk('IHDR', header),
    pngChunk('IDAT', deflateSync(Buffer.alloc(64))),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

test('pixels are upright RGB whatever the file holds', async () => {
  const red = { create: { width: 4, height: 2, channels: 3, background: '#ff0000' } } as const;
  const half = await sharp(red).extend({ bottom: 2, background: '#0000ff' }).png().toBuffer();
  const sideways = await sharp(half).rotate(90).withMetadata({ orientation: 8 }).png().toBuffer();
  const image = await decodeImage(sideways);
  expect([image.width, image.height]).toEqual([4, 4]);
  expect(pixelOf(image, 0, 0)).toEqual([255, 0, 0]);
  expect(pixelOf(image, 3, 3)).toEqual([0, 0, 255]);
});

test('transparency becomes white, grey becomes three equal channels, 16 bits become 8', async () => {
  const clear = { create: { width: 2, height: 2, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } } as const;
  expect(pixelOf(await decodeImage(await sharp(clear).png().toBuffer()), 1, 1)).toEqual([255, 255, 255]);
  const grey = { create: { width: 2, height: 2, channels: 3, background: '#808080' } } as const;
  const oneChannel = await sharp(grey).toColourspace('b-w').png().toBuffer();
  expect(pixelOf(await decodeImage(oneChannel), 0, 0)).toEqual([128, 128, 128]);
  const deep = await sharp(grey).toColourspace('rgb16').png().toBuffer();
  expect(pixelOf(await decodeImage(deep), 0, 0)).toEqual([128, 128, 128]);
});

test('a colour profile is applied, and one that says sRGB changes nothing', async () => {
  const photo = await readSample(1);
  expect((await sharp(photo).metadata()).icc?.includes('sRGB IEC61966')).toBe(true);
  expect(Buffer.compare((await decodeImage(photo)).data, await sharp(photo).raw().toBuffer())).toBe(0);
  const leaf = { create: { width: 4, height: 4, channels: 3, background: '#30c040' } } as const;
  const wide = await sharp(leaf).withIccProfile('p3').png().toBuffer();
  const [red = 0, green = 0, blue = 0] = pixelOf(await decodeImage(wide), 1, 1);
  expect(Math.max(Math.abs(red - 0x30), Math.abs(green - 0xc0), Math.abs(blue - 0x40))).toBeLessThanOrEqual(2);
});

test('an image larger than the limit is refused by its header', async () => {
  await expect(decodeImage(pngOfSize(20_000, 20_000))).rejects.toMatchObject({ reason: 'image_too_large' });
});

test('text, drawings and broken photos are unreadable', async () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8"/></svg>';
  const jpeg = await sharp({ create: { width: 64, height: 64, channels: 3, background: 'red' } })
    .jpeg()
    .toBuffer();
  for (const file of [Buffer.from('no image'), Buffer.alloc(0), Buffer.from(svg), jpeg.subarray(0, jpeg.length / 2)]) {
    await expect(decodeImage(file)).rejects.toMatchObject({ reason: 'image_unreadable' });
  }
});
