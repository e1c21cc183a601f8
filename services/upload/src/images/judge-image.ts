import { refuse } from '@kilas/messages/refuse.ts';
import { PictureError, type PictureFault } from '@kilas/pictures/picture-error.ts';
import type { PictureFormat } from '@kilas/pictures/picture-format.ts';
import { type PictureLimits, type RenderedPicture, renderPicture } from '@kilas/pictures/render-picture.ts';
import type { Sharp } from 'sharp';
import type { UploadContext } from '../context.ts';

type PhotoLimits = Pick<UploadContext, 'decodeMemory'> & {
  readonly config: Pick<UploadContext['config'], 'PHOTO_PIXELS_MAX'>;
};

/** What the JPEGs that are made of a photo can hold. */
const sideMax = 65_500;
const secondsMax = 60;
const megapixel = 1_000_000;
/** As far as a picture is made smaller while it is looked at; each of its pixels is decoded all the same. */
const lookPixels = 8;

/**
 * Tells the format of a photo by its content, or refuses it with what is wrong. The limits hold by its header, so that a few bytes that claim
 * billions of pixels cost nothing; then the decoder judges it.
 */
export async function judgeImage({ config, decodeMemory }: PhotoLimits, file: string): Promise<PictureFormat> {
  const limits = { pixelsMax: config.PHOTO_PIXELS_MAX, secondsMax, memory: decodeMemory };
  const { format } = await renderOrRefuse(file, limits, (pixels) =>
    pixels.resize(lookPixels, lookPixels, { fit: 'fill' }).raw().toBuffer(),
  );
  return format;
}

/** As renderPicture, but refuses what is wrong with the file by name. */
export async function renderOrRefuse<T>(
  file: string,
  limits: Omit<PictureLimits, 'sideMax'>,
  render: (pixels: Sharp) => Promise<T>,
): Promise<RenderedPicture<T>> {
  return renderPicture(file, { ...limits, sideMax }, render).catch((error: unknown) => {
    if (!(error instanceof PictureError)) throw error;
    return refuseFault(error.fault, error.pixelsMax ?? limits.pixelsMax);
  });
}

function refuseFault(fault: PictureFault, pixelsMax: number): never {
  switch (fault) {
    case 'no_picture':
      return refuse('NOT_AN_IMAGE');
    case 'heic':
      return refuse('HEIC_NOT_SUPPORTED');
    case 'raw':
      return refuse('RAW_NOT_SUPPORTED');
    case 'too_many_pixels':
      return refuse('IMAGE_TOO_MANY_PIXELS', {
        maxMegapixels: String(Math.floor((pixelsMax / megapixel) * 100) / 100),
      });
    case 'too_long':
      return refuse('IMAGE_TOO_LONG', { maxPixels: String(sideMax) });
    case 'truncated':
      return refuse('IMAGE_TRUNCATED');
    case 'broken':
      return refuse('IMAGE_BROKEN');
  }
}
