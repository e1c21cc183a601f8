import sharp from 'sharp';
import type { View } from './plan-views.ts';
import type { RgbImage } from './rgb-image.ts';

/** Neutral for the networks: their normalised inputs are then near zero. */
export const OUTSIDE_GREY = 128;

/** The picture times `scale`; the picture itself where that is one. */
export async function scalePicture(picture: RgbImage, scale: number): Promise<RgbImage> {
  const width = Math.max(Math.round(picture.width * scale), 1);
  const height = Math.max(Math.round(picture.height * scale), 1);
  if (width === picture.width && height === picture.height) return picture;
  const raw = { width: picture.width, height: picture.height, channels: 3 } as const;
  const data = await sharp(picture.data, { raw, limitInputPixels: false })
    .resize(width, height, { fit: 'fill', kernel: scale < 1 ? 'linear' : 'cubic' })
    .raw()
    .toBuffer();
  return { data, width, height };
}

/** Cuts a view out of the picture as scaled for it; what lies outside is grey. */
export function cutView(scaled: RgbImage, view: View): RgbImage {
  const { width, height } = view;
  const data = new Uint8Array(width * height * 3).fill(OUTSIDE_GREY);
  const left = Math.max(view.x, 0);
  const right = Math.min(view.x + width, scaled.width);
  const top = Math.max(view.y, 0);
  const bottom = Math.min(view.y + height, scaled.height);
  for (let y = top; y < bottom && left < right; y++) {
    const row = scaled.data.subarray((y * scaled.width + left) * 3, (y * scaled.width + right) * 3);
    data.set(row, ((y - view.y) * width + left - view.x) * 3);
  }
  return { data, width, height };
}
