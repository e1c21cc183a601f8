import type { FivePoints } from '../alignment/five-points.ts';
import type { RgbImage } from '../pixels/rgb-image.ts';
import { meanPoint } from '../pixels/similarity-transform.ts';

/** RGB 0..1, `sizePx × sizePx × 3`, rows from the top. */
export type FloatImage = { data: Float32Array; sizePx: number };

/** The eyes' centres, in pixels of the image. */
export type Eyes = Pick<FivePoints, 'rightEye' | 'leftEye'>;

/** A square of the image in pixels, upright however the head is tilted; it may reach outside the image. */
export type Square = { left: number; top: number; sizePx: number };

/** The size at which the library hands faces on to its nets. */
export const faceCropPx = 192;

/**
 * The library's own square (its detector's box × 1.4) as the eyes tell it: median of 22 portraits on which both detectors ran,
 * 2.5 to 3.8 eye distances wide.
 */
const sideToEyes = 3.1;
const downToEyes = 0.57;

export function squareAround({ rightEye, leftEye }: Eyes): Square {
  const middle = meanPoint([rightEye, leftEye]);
  const eyeDistancePx = Math.hypot(leftEye.x - rightEye.x, leftEye.y - rightEye.y);
  const sizePx = eyeDistancePx * sideToEyes;
  return { left: middle.x - sizePx / 2, top: middle.y + eyeDistancePx * downToEyes - sizePx / 2, sizePx };
}

/** As tfjs's `image.cropAndResize` (bilinear), over 255; the area outside the image is black. */
export function cropFace({ data, width, height }: RgbImage, { left, top, sizePx }: Square): FloatImage {
  const crop = new Float32Array(faceCropPx * faceCropPx * 3);
  const from = (start: number, i: number, length: number) =>
    (start / length) * (length - 1) + (i * (sizePx / length) * (length - 1)) / (faceCropPx - 1);
  for (let v = 0; v < faceCropPx; v++) {
    const y = from(top, v, height);
    if (y < 0 || y > height - 1) continue;
    for (let u = 0; u < faceCropPx; u++) {
      const x = from(left, u, width);
      if (x < 0 || x > width - 1) continue;
      for (let c = 0; c < 3; c++) {
        crop[(v * faceCropPx + u) * 3 + c] = sampleAt((at) => data[at] ?? 0, width, height, x, y, c) / 255;
      }
    }
  }
  return { data: crop, sizePx: faceCropPx };
}

/** As tfjs's `image.resizeBilinear` without aligned corners: it reads between two pixels and skips the others. */
export function resizeFace({ data, sizePx }: FloatImage, toPx: number): FloatImage {
  const resized = new Float32Array(toPx * toPx * 3);
  const scale = sizePx / toPx;
  for (let v = 0; v < toPx; v++) {
    for (let u = 0; u < toPx; u++) {
      for (let c = 0; c < 3; c++) {
        resized[(v * toPx + u) * 3 + c] = sampleAt((at) => data[at] ?? 0, sizePx, sizePx, u * scale, v * scale, c);
      }
    }
  }
  return { data: resized, sizePx: toPx };
}

function sampleAt(
  read: (at: number) => number,
  width: number,
  height: number,
  x: number,
  y: number,
  c: number,
): number {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const right = Math.min(Math.ceil(x), width - 1);
  const bottom = Math.min(Math.ceil(y), height - 1);
  const between = (a: number, b: number, share: number) => a + (b - a) * share;
  const row = (line: number) =>
    between(read((line * width + left) * 3 + c), read((line * width + right) * 3 + c), x - left);
  return between(row(top), row(bottom), y - top);
}
