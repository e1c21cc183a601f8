import sharp from 'sharp';
import { rgbaToThumbHash } from 'thumbhash';
import type { UploadContext } from '../context.ts';
import type { Upload } from '../uploads/upload.ts';
import type { CompressedImage } from './make-compressed.ts';
import { drawWatermark } from './watermark.ts';

/** A picture as everybody may see it before they buy: the longer side in pixels at most, and how well it is encoded, 1 to 100. */
export interface ShownSize {
  readonly sideMax: number;
  readonly quality: number;
}

export const preview: ShownSize = { sideMax: 1280, quality: 78 };
export const previewSmall: ShownSize = { sideMax: 800, quality: 78 };
export const thumbnail: ShownSize = { sideMax: 400, quality: 70 };
export const thumbnailSmall: ShownSize = { sideMax: 200, quality: 70 };

/** The usual level, 4, makes images 3 % smaller in twice the time. */
const webpEffort = 2;
/** As large as a ThumbHash may look at. */
const hashSideMax = 100;

/** Upright sRGB of three channels, with no side longer than a preview. */
interface Pixels {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
}

/**
 * What may be looked at before it is bought: small, marked, without metadata. Answers the photo's ThumbHash, of 25 bytes at most, which is
 * drawn until an image is there.
 */
export async function makePreviews(ctx: UploadContext, upload: Upload, image: CompressedImage): Promise<Uint8Array> {
  const pixels = await shrink(image);
  for (const { key, format, ...size } of shownImagesOf(upload)) {
    const ref = { bucket: 'previews', key } as const;
    if (await ctx.objects.exists(ref)) continue;
    await ctx.objects.write(ref, await renderMarked(pixels, { ...size, format, text: ctx.config.WATERMARK_TEXT }));
  }
  return hashOf(pixels);
}

type ShownImage = ShownSize & { readonly key: string; readonly format: 'jpeg' | 'webp' };

/** A row of the release that made no small images has two JPEGs, also when they are made once more: photo tells browsers so. */
function shownImagesOf(upload: Upload): ShownImage[] {
  const { preview_key, preview_small_key, thumbnail_key, thumbnail_small_key } = upload;
  if (preview_small_key === null || thumbnail_small_key === null) {
    return [
      { ...preview, key: preview_key, format: 'jpeg' },
      { ...thumbnail, key: thumbnail_key, format: 'jpeg' },
    ];
  }
  return [
    { ...preview, key: preview_key, format: 'webp' },
    { ...previewSmall, key: preview_small_key, format: 'webp' },
    { ...thumbnail, key: thumbnail_key, format: 'webp' },
    { ...thumbnailSmall, key: thumbnail_small_key, format: 'webp' },
  ];
}

/** Decodes once what all shown images are made of. */
export async function shrink(image: CompressedImage): Promise<Pixels> {
  const { width, height } = fit(image, preview.sideMax);
  const pixels = sharp(image.bytes, { limitInputPixels: false }).resize(width, height, { fit: 'fill' });
  const { data } = await pixels.toColourspace('srgb').removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data, width, height };
}

/** The picture as everybody may see it: small, and marked with a text. */
export async function renderMarked(
  pixels: Pixels,
  { sideMax, quality, format, text }: ShownSize & { format: 'jpeg' | 'webp'; text: string },
): Promise<Buffer> {
  const { width, height } = fit(pixels, sideMax);
  const marked = ofPixels(pixels)
    .resize(width, height, { fit: 'fill' })
    .composite([{ input: drawWatermark({ width, height, text }) }])
    // The mark's own transparency would stay in a WebP.
    .removeAlpha();
  const encoded =
    format === 'webp' ? marked.webp({ quality, effort: webpEffort }) : marked.jpeg({ quality, progressive: true });
  return encoded.toBuffer();
}

async function hashOf(pixels: Pixels): Promise<Uint8Array> {
  const { width, height } = fit(pixels, hashSideMax);
  const rgba = await ofPixels(pixels).resize(width, height, { fit: 'fill' }).ensureAlpha().raw().toBuffer();
  return rgbaToThumbHash(width, height, rgba);
}

function ofPixels({ data, width, height }: Pixels) {
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/** The same shape with no side longer than `sideMax` pixels; never larger than it is. */
function fit(image: { width: number; height: number }, sideMax: number): { width: number; height: number } {
  const scale = Math.min(1, sideMax / Math.max(image.width, image.height));
  return { width: Math.max(1, Math.round(image.width * scale)), height: Math.max(1, Math.round(image.height * scale)) };
}
