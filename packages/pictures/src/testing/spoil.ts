import sharp, { type JpegOptions } from 'sharp';

/** A picture of noise, so that it has pixels to lose everywhere. */
export async function drawNoise(size = { width: 320, height: 200 }): Promise<Buffer> {
  const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const;
  return sharp({ create: { ...size, channels: 3, background: '#808080', noise } })
    .raw()
    .toBuffer();
}

export async function makeJpeg(options: JpegOptions = {}, size = { width: 320, height: 200 }): Promise<Buffer> {
  return sharp(await drawNoise(size), { raw: { ...size, channels: 3 } })
    .jpeg(options)
    .toBuffer();
}

/** Where the first segment with this code begins. */
export function segmentAt(jpeg: Buffer, code: number): number {
  const at = jpeg.indexOf(Buffer.from([0xff, code]));
  if (at === -1) throw new Error(`no segment ${code.toString(16)}`);
  return at;
}

/** The first byte of the compressed data. */
export function dataAt(jpeg: Buffer): number {
  const scan = segmentAt(jpeg, 0xda);
  return scan + 2 + jpeg.readUInt16BE(scan + 2);
}

export function insert(bytes: Buffer, at: number, part: Buffer | string): Buffer {
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(part as string, 'latin1'), bytes.subarray(at)]);
}

/** A copy with other bytes at a place. */
export function replace(bytes: Buffer, at: number, part: readonly number[]): Buffer {
  const copy = Buffer.from(bytes);
  copy.set(part, at);
  return copy;
}

/** A copy without so many bytes at a place. */
export function cutOut(bytes: Buffer, at: number, count: number): Buffer {
  return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + count)]);
}

export function withoutEnd(jpeg: Buffer): Buffer {
  return jpeg.subarray(0, jpeg.length - 2);
}
