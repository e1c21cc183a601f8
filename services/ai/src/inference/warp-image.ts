import type { RgbImage } from './rgb-image.ts';
import type { Similarity } from './similarity-transform.ts';
import { scaleOf } from './similarity-transform.ts';

/** Bounds the loop at 16 samples a pixel; a source shrunk further than this is scaled by its caller first. */
const SAMPLES_PER_AXIS_MAX = 4;

/**
 * Fills a `sizePx × sizePx` RGB image by reading `source` at `toSource(pixel)`, bilinear; where the warp shrinks, each
 * pixel averages a grid of samples. Beyond the source's edge its border pixels repeat.
 */
export function warpImage(source: RgbImage, toSource: Similarity, sizePx: number): Uint8Array {
  const samples = Math.min(Math.max(Math.ceil(scaleOf(toSource)), 1), SAMPLES_PER_AXIS_MAX);
  const { a, b, tx, ty } = toSource;
  const output = new Uint8Array(sizePx * sizePx * 3);
  const sum = new Float64Array(3);
  for (let v = 0; v < sizePx; v++) {
    for (let u = 0; u < sizePx; u++) {
      sum.fill(0);
      for (let j = 0; j < samples; j++) {
        const y = v + (j + 0.5) / samples;
        for (let i = 0; i < samples; i++) {
          const x = u + (i + 0.5) / samples;
          addSample(source, a * x - b * y + tx - 0.5, b * x + a * y + ty - 0.5, sum);
        }
      }
      const target = (v * sizePx + u) * 3;
      for (let c = 0; c < 3; c++) output[target + c] = Math.round((sum[c] ?? 0) / (samples * samples));
    }
  }
  return output;
}

function addSample({ data, width, height }: RgbImage, x: number, y: number, sum: Float64Array): void {
  const clampedX = Math.min(Math.max(x, 0), width - 1);
  const clampedY = Math.min(Math.max(y, 0), height - 1);
  const left = Math.floor(clampedX);
  const top = Math.floor(clampedY);
  const fx = clampedX - left;
  const fy = clampedY - top;
  const upperLeft = (top * width + left) * 3;
  const upperRight = left + 1 < width ? upperLeft + 3 : upperLeft;
  const toLower = top + 1 < height ? width * 3 : 0;
  for (let c = 0; c < 3; c++) {
    const upper = (data[upperLeft + c] ?? 0) * (1 - fx) + (data[upperRight + c] ?? 0) * fx;
    const lower = (data[upperLeft + toLower + c] ?? 0) * (1 - fx) + (data[upperRight + toLower + c] ?? 0) * fx;
    sum[c] = (sum[c] ?? 0) + upper * (1 - fy) + lower * fy;
  }
}
