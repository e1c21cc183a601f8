import type { Metadata } from 'sharp';

/**
 * Memory that the pixels of all pictures in work may take together, by what the decoders were measured to take: a few hundred bytes of AVIF can
 * claim the pixels of a wall. Who comes first is served first, so that a large picture is not overtaken for ever.
 */
export class DecodeMemory {
  readonly bytesMax: number;
  #inUse = 0;
  readonly #waiting: { readonly bytes: number; readonly start: () => void }[] = [];

  constructor(bytesMax: number) {
    this.bytesMax = bytesMax;
  }

  /** Works once so many bytes are free; no more than `bytesMax`. */
  async use<T>(bytes: number, work: () => Promise<T>): Promise<T> {
    if (!(bytes <= this.bytesMax)) throw new Error(`${bytes} bytes are more than there are ever`);
    const isFree = this.#waiting.length === 0 && this.#fits(bytes);
    if (isFree) this.#inUse += bytes;
    else await new Promise<void>((start) => void this.#waiting.push({ bytes, start }));
    try {
      return await work();
    } finally {
      this.#inUse -= bytes;
      this.#startNext();
    }
  }

  #fits(bytes: number): boolean {
    return this.#inUse + bytes <= this.bytesMax;
  }

  #startNext(): void {
    for (let next = this.#waiting[0]; next !== undefined && this.#fits(next.bytes); next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#inUse += next.bytes;
      next.start();
    }
  }
}

/** What is known of a picture before a pixel of it is decoded. */
export type PictureHeader = Pick<Metadata, 'width' | 'height' | 'depth'> &
  Partial<Pick<Metadata, 'format' | 'isProgressive' | 'chromaSubsampling' | 'orientation' | 'exif' | 'icc'>> & {
    readonly channels: number;
    /** Of a TIFF: each channel for itself, one after the other. */
    readonly isPlanar?: boolean;
  };

const bytesByDepth = new Map([
  ['uchar', 1],
  ['char', 1],
  ['ushort', 2],
  ['short', 2],
]);
/** Of orientations that turn by a quarter, for which all pixels are kept. */
const firstTurned = 5;

/**
 * Bytes that decoding, rotating and writing a picture as a JPEG take for each pixel, and less than which none was measured to take
 * (decode-memory.long.test.ts).
 */
export function bytesPerPixelOf(header: PictureHeader): number {
  const { format, channels, depth } = header;
  const pixelBytes = channels * (bytesByDepth.get(depth) ?? 8);
  const turned = (header.orientation ?? 1) >= firstTurned ? Math.max(3, pixelBytes) : 0;
  // The picture is written anew before its profile is put into it.
  const rewritten = format !== 'jpeg' && header.icc === undefined && header.exif !== undefined ? pixelBytes : 0;
  return decoderBytesOf(header, pixelBytes) + turned + rewritten;
}

function decoderBytesOf({ format, channels, depth, ...header }: PictureHeader, pixelBytes: number): number {
  switch (format) {
    case 'jpeg': {
      // All coefficients of all scans are kept, two bytes for each sample.
      const samples = header.chromaSubsampling === '4:2:0' ? 1.5 : channels;
      return (channels > 3 ? 8 : 7) + (header.isProgressive === true ? 2 * samples : 0);
    }
    case 'png':
      return 7.5 + (header.isProgressive === true ? pixelBytes : 0);
    case 'webp':
      return 16;
    case 'tiff':
      return 7.5 + (header.isPlanar === true ? pixelBytes + 2 : 0);
    // AVIF, which its decoder turns without saying so in the header.
    default:
      return depth === 'uchar' ? 24 : 32;
  }
}
