import sharp from 'sharp';
import { FileWindow, type PictureSource } from './file-window.ts';
import { isFill } from './mend-jpeg.ts';

/** Four rows of the largest units that a JPEG is made of. */
const bandPixels = 128;
const fillerBytes = 4096;

/**
 * Whether all pixels of a JPEG that has no end marker come from its own bytes: then it makes no difference what follows them. The decoder
 * itself tells of what is missing only when a further row of units begins.
 */
export async function endsWhole(body: Buffer): Promise<boolean> {
  // Nothing at all, and bits that differ in each place.
  const bands: Buffer[] = [];
  for (const filler of [Buffer.alloc(0), Buffer.alloc(fillerBytes, 0x55), Buffer.alloc(fillerBytes, 0xaa)]) {
    bands.push(await decodeBottom(Buffer.concat([body, filler, Buffer.from([0xff, 0xd9])])));
  }
  const [first, ...others] = bands;
  return first !== undefined && others.every((band) => band.equals(first));
}

async function decodeBottom(bytes: Buffer): Promise<Buffer> {
  const image = sharp(bytes, { failOn: 'none', limitInputPixels: false });
  const { width, height } = await image.metadata();
  const band = Math.min(height, bandPixels);
  return image
    .extract({ left: 0, top: height - band, width, height: band })
    .raw()
    .toBuffer();
}

/** Whether the last byte of a file is one of media that were never written, or of padding. */
export async function endsInFill(source: PictureSource): Promise<boolean> {
  return FileWindow.on(source, async (file) => isFill((await file.bytes(file.sizeBytes - 1, 1))[0]));
}
