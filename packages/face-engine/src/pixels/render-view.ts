import sharp from 'sharp';
import type { RgbImage } from './rgb-image.ts';

/** What a detector looks at: `x`, `y` (its upper left corner), `width` and `height` in pixels of the picture times `scale`. */
export interface View {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Neutral for the networks: their normalised inputs are then near zero. */
export const outsideGrey = 128;

/** The picture at this size, a pixel at least; the picture itself where it has it. */
export async function resizePicture(picture: RgbImage, width: number, height: number): Promise<RgbImage> {
  const size = { width: Math.max(width, 1), height: Math.max(height, 1) };
  if (size.width === picture.width && size.height === picture.height) return picture;
  const raw = { width: picture.width, height: picture.height, channels: 3 } as const;
  const data = await sharp(picture.data, { raw, limitInputPixels: false })
    .resize({ ...size, fit: 'fill', kernel: size.width < picture.width ? 'linear' : 'cubic' })
    .raw()
    .toBuffer();
  return { data, ...size };
}

/** Cuts a view out of the picture as scaled for it; what lies outside is grey. */
export function cutView(scaled: RgbImage, view: View): RgbImage {
  const { width, height } = view;
  const data = new Uint8Array(width * height * 3).fill(outsideGrey);
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
