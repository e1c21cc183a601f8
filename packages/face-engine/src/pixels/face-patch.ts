import sharp from 'sharp';
import { cutView } from './render-view.ts';
import type { Box, Point, Region, RgbImage } from './rgb-image.ts';
import type { TurnDeg } from './turn.ts';

/**
 * A face with room to turn it, at the resolution that the networks can use and not above the picture's own. It lies as in the picture,
 * turned by `turnDeg`.
 */
export type FacePatch = { pixels: RgbImage; region: Region; turnDeg: TurnDeg };

/** A third more than the chip's resolution: enough for one that is turned. */
export const FACE_PATCH_PX = 256;

/** The patch's side as a multiple of the box's longer side. */
export const patchToBox = 2;

export async function cutFacePatch(image: RgbImage, box: Box, turnDeg: TurnDeg): Promise<FacePatch> {
  const sizePx = Math.max(Math.round(Math.max(box.width, box.height) * patchToBox), 2);
  const x = Math.round(box.x + (box.width - sizePx) / 2);
  const y = Math.round(box.y + (box.height - sizePx) / 2);
  const region = { x, y, sizePx };
  const cut = cutView(image, { scale: 1, x, y, width: sizePx, height: sizePx });
  return { pixels: sizePx > FACE_PATCH_PX ? await shrink(cut) : cut, region, turnDeg };
}

/** Pixels of the patch → pixels of the image. */
export function toImage({ pixels, region }: FacePatch, { x, y }: Point): Point {
  const scale = region.sizePx / pixels.width;
  return { x: region.x + x * scale, y: region.y + y * scale };
}

/** Pixels of the image → pixels of the patch. */
export function toPatch({ pixels, region }: FacePatch, { x, y }: Point): Point {
  const scale = pixels.width / region.sizePx;
  return { x: (x - region.x) * scale, y: (y - region.y) * scale };
}

async function shrink({ data, width, height }: RgbImage): Promise<RgbImage> {
  const shrunk = await sharp(data, { raw: { width, height, channels: 3 }, limitInputPixels: false })
    .resize(FACE_PATCH_PX, FACE_PATCH_PX, { fit: 'fill' })
    .raw()
    .toBuffer();
  return { data: shrunk, width: FACE_PATCH_PX, height: FACE_PATCH_PX };
}
