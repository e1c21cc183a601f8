import { throwMachineFault } from '@kilas/platform/machine-fault.ts';
import sharp from 'sharp';
import type { UploadContext } from '../context.ts';
import type { Upload } from '../uploads/upload.ts';

const quality = 82;
const decodeSecondsMax = 180;

/** The pixels cannot be had from this file, now or later. */
export class UndecodableImage extends Error {}

export interface CompressedImage {
  readonly bytes: Buffer;
  readonly width: number;
  readonly height: number;
}

/**
 * The whole picture as an upright sRGB JPEG without metadata; all other images, and what ai sees, come from it. The only
 * place where foreign bytes are decoded. Throws UndecodableImage.
 */
export async function makeCompressed(
  ctx: Pick<UploadContext, 'objects'> & { config: Pick<UploadContext['config'], 'PHOTO_PIXELS_MAX'> },
  upload: Pick<Upload, 'compressed_key'>,
  original: string,
): Promise<CompressedImage> {
  const ref = { bucket: 'originals', key: upload.compressed_key } as const;
  if (await ctx.objects.exists(ref)) {
    const bytes = await ctx.objects.read(ref);
    const { width, height } = await sharp(bytes, { limitInputPixels: false }).metadata();
    return { bytes, width, height };
  }
  const { data: bytes, info } = await sharp(original, { limitInputPixels: ctx.config.PHOTO_PIXELS_MAX })
    .autoOrient()
    .flatten({ background: '#fff' })
    .toColourspace('srgb')
    .jpeg({ quality })
    .timeout({ seconds: decodeSecondsMax })
    .toBuffer({ resolveWithObject: true })
    .catch(judgeError);
  await ctx.objects.write(ref, bytes);
  return { bytes, width: info.width, height: info.height };
}

function judgeError(error: unknown): never {
  throwMachineFault(error);
  throw new UndecodableImage('the picture cannot be decoded', { cause: error });
}
