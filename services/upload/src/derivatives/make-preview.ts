import sharp from 'sharp';
import type { UploadContext } from '../context.ts';
import type { Upload } from '../uploads/upload.ts';
import type { CompressedImage } from './make-compressed.ts';
import { drawWatermark } from './watermark.ts';

export const preview = { sideMax: 1280, quality: 78 };
export const thumbnail = { sideMax: 400, quality: 74 };

/** What may be looked at before it is bought: small, marked, without metadata. */
export async function makePreview(ctx: UploadContext, upload: Upload, image: CompressedImage): Promise<void> {
  await makeMarked(ctx, { key: upload.preview_key, image, ...preview });
}

export async function makeThumbnail(ctx: UploadContext, upload: Upload, image: CompressedImage): Promise<void> {
  await makeMarked(ctx, { key: upload.thumbnail_key, image, ...thumbnail });
}

async function makeMarked(
  ctx: UploadContext,
  wanted: { key: string; image: CompressedImage; sideMax: number; quality: number },
): Promise<void> {
  const ref = { bucket: 'previews', key: wanted.key } as const;
  if (await ctx.objects.exists(ref)) return;
  const bytes = await renderMarked(wanted.image, { ...wanted, text: ctx.config.WATERMARK_TEXT });
  await ctx.objects.write(ref, bytes);
}

/** The picture as everybody may see it: small, and marked with a text. */
export async function renderMarked(
  image: CompressedImage,
  { sideMax, quality, text }: { sideMax: number; quality: number; text: string },
): Promise<Buffer> {
  const { width, height } = fit(image, sideMax);
  return sharp(image.bytes, { limitInputPixels: false })
    .resize(width, height, { fit: 'fill' })
    .composite([{ input: drawWatermark({ width, height, text }) }])
    .jpeg({ quality, progressive: true })
    .toBuffer();
}

/** The same shape with no side longer than `sideMax` pixels; never larger than it is. */
function fit(image: { width: number; height: number }, sideMax: number): { width: number; height: number } {
  const scale = Math.min(1, sideMax / Math.max(image.width, image.height));
  return { width: Math.max(1, Math.round(image.width * scale)), height: Math.max(1, Math.round(image.height * scale)) };
}
