import { refuse } from '@kilas/messages/refuse.ts';
import sharp from 'sharp';
import type { SpooledFile } from '../spool/spool.ts';
import { checkAvif } from './check-avif.ts';
import { checkJpeg } from './check-jpeg.ts';
import { checkPng } from './check-png.ts';
import { checkTiff } from './check-tiff.ts';
import { checkWebp } from './check-webp.ts';
import { FileWindow } from './file-window.ts';
import { type ImageFormat, recogniseFormat } from './image-format.ts';
import { refuseBroken } from './refuse-broken.ts';

/** What the JPEGs that are made of a photo can hold. */
const sideMaxPixels = 65_500;
const megapixel = 1_000_000;

const checks: Record<ImageFormat, (file: FileWindow) => Promise<void>> = {
  jpeg: checkJpeg,
  png: checkPng,
  webp: checkWebp,
  avif: checkAvif,
  tiff: checkTiff,
};

/**
 * Tells the format of a file by its content, or refuses it with what is wrong. No pixel is decoded, so a few bytes that
 * claim billions of pixels cost nothing. Of several pictures in a file the first one counts.
 */
export async function judgeImage(file: SpooledFile, limits: { pixelsMax: number }): Promise<ImageFormat> {
  if (file.sizeBytes === 0) refuse('FILE_EMPTY');
  const format = await checkStructure(file.path);
  // Unlimited here, since the limit is refused by name below; reading a header allocates no pixels.
  const { width, height } = await sharp(file.path, { limitInputPixels: false }).metadata().catch(refuseBroken);
  if (width * height > limits.pixelsMax) {
    refuse('IMAGE_TOO_MANY_PIXELS', { maxMegapixels: String(limits.pixelsMax / megapixel) });
  }
  if (Math.max(width, height) > sideMaxPixels) refuse('IMAGE_TOO_LONG', { maxPixels: String(sideMaxPixels) });
  return format;
}

async function checkStructure(path: string): Promise<ImageFormat> {
  const file = await FileWindow.open(path);
  try {
    const format = await recogniseFormat(path, file);
    await checks[format](file);
    return format;
  } finally {
    await file.close();
  }
}
