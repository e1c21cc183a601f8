import sharp from 'sharp';
import { InferenceError } from './inference-error.ts';
import type { RgbImage } from './rgb-image.ts';

/** 300 MB as RGB, the largest single allocation of an analysis. */
export const IMAGE_PIXELS_MAX = 100_000_000;

/** Behind the header of 128 bytes and the number of tags. */
const ICC_TABLE = 132;

/** As profiles of version 2 and of version 4 hold it. */
const SRGB_NAMES = [Buffer.from('sRGB IEC61966'), Buffer.from('sRGB IEC61966', 'utf16le').swap16()];

const READABLE_FORMATS = ['jpeg', 'png', 'webp', 'heif', 'tiff', 'gif'];

/**
 * Decodes a file to sRGB pixels, upright by its EXIF orientation, transparency on white, first page only.
 * Throws InferenceError `image_too_large` (judged by the header, before decoding) or `image_unreadable`.
 */
export async function decodeImage(file: Uint8Array): Promise<RgbImage> {
  if (file.length === 0) refuseUnreadable('the file is empty');
  const metadata = await sharp(file, { limitInputPixels: false }).metadata().catch(refuseUnreadable);
  if (!READABLE_FORMATS.includes(metadata.format)) refuseUnreadable(`${metadata.format} is not a photo format`);
  const pixelCount = metadata.width * metadata.height;
  if (pixelCount > IMAGE_PIXELS_MAX) {
    throw new InferenceError('image_too_large', `${pixelCount} pixels, at most ${IMAGE_PIXELS_MAX}`);
  }
  const ignoreIcc = metadata.icc !== undefined && isSrgb(metadata.icc);
  const { data, info } = await sharp(file, { limitInputPixels: IMAGE_PIXELS_MAX, failOn: 'error', ignoreIcc })
    .autoOrient()
    .flatten({ background: 'white' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch(refuseUnreadable);
  if (info.channels !== 3) throw new Error(`decoded to ${info.channels} channels instead of 3`);
  return { data, width: info.width, height: info.height };
}

/** Whether a colour profile says what is so without it: to apply it changes no pixel and takes twice as long as to decode. */
function isSrgb(profile: Buffer): boolean {
  const name = nameOf(profile);
  return SRGB_NAMES.some((srgb) => name.includes(srgb));
}

/** The `desc` tag of an ICC profile (ICC.1:2022, 7.3: a table of signature, offset and size); empty without one. */
function nameOf(profile: Buffer): Buffer {
  for (let entry = ICC_TABLE; entry + 12 <= profile.length; entry += 12) {
    if (profile.toString('latin1', entry, entry + 4) !== 'desc') continue;
    const start = profile.readUInt32BE(entry + 4);
    return profile.subarray(start, start + profile.readUInt32BE(entry + 8));
  }
  return Buffer.alloc(0);
}

function refuseUnreadable(cause: unknown): never {
  throw new InferenceError('image_unreadable', cause instanceof Error ? cause.message : String(cause));
}
