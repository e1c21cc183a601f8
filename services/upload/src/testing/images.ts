import { randomBytes } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';
import type { PictureFormat } from '@kilas/pictures/picture-format.ts';
import sharp from 'sharp';

let seed = 0;

/** A picture like no other, of noise, so that it has pixels to lose everywhere. */
export async function makeImage(
  format: PictureFormat = 'jpeg',
  size: { width: number; height: number } = { width: 320, height: 200 },
): Promise<Buffer> {
  seed += 1;
  const background = { r: seed % 256, g: (seed * 7) % 256, b: (seed * 31) % 256 };
  return (
    sharp({ create: { ...size, channels: 3, background } })
      .composite([
        {
          input: await sharp({
            create: { ...size, channels: 3, background, noise: { type: 'gaussian', mean: 128, sigma: 40 } },
          })
            .png()
            .toBuffer(),
          blend: 'overlay',
        },
      ])
      // The least effort, or AVIF takes seconds.
      .toFormat(format, format === 'avif' ? { effort: 0 } : {})
      .toBuffer()
  );
}

/** A JPEG of noise, of nearly a byte for each pixel. */
export async function makeLargeImage(size = { width: 600, height: 400 }): Promise<Buffer> {
  const raw = { ...size, channels: 3 } as const;
  return sharp(randomBytes(size.width * size.height * 3), { raw })
    .jpeg({ quality: 92 })
    .toBuffer();
}

/** A PNG that claims so many pixels and holds almost none. */
export function makePngBomb(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    pngChunk('IHDR', header),
    pngChunk('IDAT', deflateSync(Buffer.alloc(64_000))),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A JPEG whole in structure that lost a part of its compressed data, as a bad disk leaves it. */
export async function makeBrokenJpeg(): Promise<Buffer> {
  const bytes = await makeImage('jpeg', { width: 640, height: 480 });
  const scan = bytes.indexOf(Buffer.from('ffda', 'hex')) + 40;
  return Buffer.concat([bytes.subarray(0, scan), bytes.subarray(-1000)]);
}

export function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

/** A little-endian TIFF of one directory with the given entries (tag, type, value) and nothing else. */
export function makeTiff(entries: readonly (readonly [tag: number, type: number, value: number])[]): Buffer {
  const bytes = Buffer.alloc(8 + 2 + entries.length * 12 + 4);
  bytes.write('II*\0', 0, 'latin1');
  bytes.writeUInt32LE(8, 4);
  bytes.writeUInt16LE(entries.length, 8);
  for (const [index, [tag, type, value]] of entries.entries()) {
    const at = 10 + index * 12;
    bytes.writeUInt16LE(tag, at);
    bytes.writeUInt16LE(type, at + 2);
    bytes.writeUInt32LE(1, at + 4);
    bytes.writeUInt32LE(value, at + 8);
  }
  return bytes;
}

/** The beginning of a file in the container of HEIC, AVIF and CR3. */
export function makeBrandedFile(major: string, ...compatible: string[]): Buffer {
  const brands = Buffer.from(`${major}\0\0\0\0${compatible.join('')}`, 'latin1');
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + brands.length, 0);
  head.write('ftyp', 4, 'latin1');
  return Buffer.concat([head, brands, Buffer.from('\0\0\0\x08mdat', 'latin1')]);
}
