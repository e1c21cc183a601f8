import sharp from 'sharp';
import type { Region, RgbImage } from './rgb-image.ts';

/** Neutral for the networks: their normalised inputs are then near zero. */
const OUTSIDE_GREY = { r: 128, g: 128, b: 128 };

/** Scales a square of the image to `outputPx × outputPx` RGB; what lies outside the image is grey. */
export async function renderRegion(image: RgbImage, region: Region, outputPx: number): Promise<RgbImage> {
  const left = clamp(region.x, 0, image.width - 1);
  const top = clamp(region.y, 0, image.height - 1);
  const width = clamp(region.x + region.sizePx, left + 1, image.width) - left;
  const height = clamp(region.y + region.sizePx, top + 1, image.height) - top;
  const scale = outputPx / region.sizePx;
  const marginLeft = clamp(Math.round((left - region.x) * scale), 0, outputPx - 1);
  const marginTop = clamp(Math.round((top - region.y) * scale), 0, outputPx - 1);
  const innerWidth = clamp(Math.round(width * scale), 1, outputPx - marginLeft);
  const innerHeight = clamp(Math.round(height * scale), 1, outputPx - marginTop);
  const data = await sharp(image.data, { raw: { width: image.width, height: image.height, channels: 3 } })
    .extract({ left, top, width, height })
    .resize(innerWidth, innerHeight, { fit: 'fill' })
    .extend({
      left: marginLeft,
      top: marginTop,
      right: outputPx - marginLeft - innerWidth,
      bottom: outputPx - marginTop - innerHeight,
      background: OUTSIDE_GREY,
    })
    .raw()
    .toBuffer();
  return { data, width: outputPx, height: outputPx };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
