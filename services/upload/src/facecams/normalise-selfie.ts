import sharp from 'sharp';
import type { UploadContext } from '../context.ts';
import { refuseBroken } from '../images/refuse-broken.ts';

const sideMax = 1600;
const quality = 90;
const decodeSecondsMax = 30;

/** An upright JPEG without metadata, no side longer than 1600 pixels. Refuses with IMAGE_BROKEN. */
export async function normaliseSelfie(
  ctx: { readonly config: Pick<UploadContext['config'], 'SELFIE_PIXELS_MAX'> },
  file: string,
): Promise<Buffer> {
  return sharp(file, { limitInputPixels: ctx.config.SELFIE_PIXELS_MAX })
    .autoOrient()
    .resize(sideMax, sideMax, { fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#fff' })
    .toColourspace('srgb')
    .jpeg({ quality })
    .timeout({ seconds: decodeSecondsMax })
    .toBuffer()
    .catch(refuseBroken);
}
