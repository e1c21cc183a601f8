import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { samplePhotoFiles } from '@kilas/samples/photos.ts';
import sharp from 'sharp';

/** Photos of 12 megapixels with faces, as a camera delivers them; each has bytes of its own. */
export class Pictures {
  readonly #base: Buffer;

  private constructor(base: Buffer) {
    this.#base = base;
  }

  static async make(): Promise<Pictures> {
    const [file = ''] = await samplePhotoFiles();
    const base = await sharp(await readFile(file))
      .resize(4000, 3000, { fit: 'cover' })
      .jpeg({ quality: 85 })
      .toBuffer();
    return new Pictures(base);
  }

  next(): Blob {
    // Behind the end of the picture, where decoders do not look: another file for the catalogue at no cost.
    return new Blob([new Uint8Array(this.#base), new Uint8Array(randomBytes(16))], { type: 'image/jpeg' });
  }
}
