import { renderPicture } from '@kilas/pictures/render-picture.ts';
import sharp from 'sharp';
import type { UploadContext } from '../context.ts';
import type { Upload } from '../uploads/upload.ts';

const quality = 82;
const secondsMax = 180;

export interface CompressedImage {
  readonly bytes: Buffer;
  readonly width: number;
  readonly height: number;
}

/**
 * The whole picture as an upright sRGB JPEG without metadata; all other images, and what ai sees, come from it. Throws PictureError
 * for what cannot be decoded, now or later.
 */
export async function makeCompressed(
  ctx: Pick<UploadContext, 'objects' | 'decodeMemory'> & { config: Pick<UploadContext['config'], 'PHOTO_PIXELS_MAX'> },
  upload: Pick<Upload, 'compressed_key'>,
  original: string,
): Promise<CompressedImage> {
  const ref = { bucket: 'originals', key: upload.compressed_key } as const;
  if (await ctx.objects.exists(ref)) {
    const bytes = await ctx.objects.read(ref);
    const { width, height } = await sharp(bytes, { limitInputPixels: false }).metadata();
    return { bytes, width, height };
  }
  const limits = { pixelsMax: ctx.config.PHOTO_PIXELS_MAX, secondsMax, memory: ctx.decodeMemory };
  const { result } = await renderPicture(original, limits, (pixels) =>
    pixels.jpeg({ quality }).toBuffer({ resolveWithObject: true }),
  );
  const { data: bytes, info } = result;
  await ctx.objects.write(ref, bytes);
  return { bytes, width: info.width, height: info.height };
}
