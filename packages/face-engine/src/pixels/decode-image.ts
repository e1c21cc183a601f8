import { DecodeMemory } from '@kilas/pictures/decode-memory.ts';
import { PictureError } from '@kilas/pictures/picture-error.ts';
import { renderPicture } from '@kilas/pictures/render-picture.ts';
import { InferenceError } from '../inference-error.ts';
import type { RgbImage } from './rgb-image.ts';

/** 480 MB as RGB, the largest single allocation of an analysis. */
export const IMAGE_PIXELS_MAX = 160_000_000;
/** Of this process, which makes one picture after the other into pixels where two of them are so large. */
const memory = new DecodeMemory(1_300_000_000);
const SECONDS_MAX = 120;

/**
 * Decodes a file to pixels as the previews show them: upright, in sRGB. Throws InferenceError `image_too_large` (judged by the header,
 * before decoding) or `image_unreadable`.
 */
export async function decodeImage(file: Uint8Array): Promise<RgbImage> {
  const source = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const limits = { pixelsMax: IMAGE_PIXELS_MAX, secondsMax: SECONDS_MAX, memory };
  const { result } = await renderPicture(source, limits, (pixels) =>
    pixels.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true }),
  ).catch(refuse);
  const { data, info } = result;
  if (info.channels !== 3) throw new Error(`decoded to ${info.channels} channels instead of 3`);
  return { data, width: info.width, height: info.height };
}

function refuse(error: unknown): never {
  if (error instanceof PictureError && error.fault === 'too_many_pixels') {
    throw new InferenceError('image_too_large', `more than ${IMAGE_PIXELS_MAX} pixels`);
  }
  throw new InferenceError('image_unreadable', error instanceof Error ? error.message : String(error));
}
