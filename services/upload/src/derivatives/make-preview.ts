import sharp from 'sharp';
import type { UploadContext } from '../context.ts';
import type { Upload } from '../uploads/upload.ts';
import type { CompressedImage } from './make-compressed.ts';
import { drawWatermark } from './watermark.ts';

const preview = { sideMax: 1280, quality: 78 };
const thumbnail = { sideMax: 400, quality: 74 };

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
  const { width, height } = fit(wanted.image, wanted.sideMax);
  const bytes = await sharp(wanted.image.bytes, { limitInputPixels: false })
    .resize(width, height, { fit: 'fill' })
    .composite([{ input: drawWatermark({ width, height, text: ctx.config.WATERMARK_TEXT }) }])
    .jpeg({ quality: wanted.quality, progressive: true })
    .toBuffer();
  await ctx.objects.write(ref, bytes);
}

/** The same shape with no side longer than `sideMax` pixels; never larger than it is. */
function fit(image: { width: number; height: number }, sideMax: number): { width: number; height: number } {
  const scale = Math.min(1, sideMax / Math.max(image.width, image.height));
  return { width: Math.max(1, Math.round(image.width * scale)), height: Math.max(1, Math.round(image.height * scale)) };
}
