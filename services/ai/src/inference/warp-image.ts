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
  const { data, width, height } = source;
  const output = new Uint8Array(sizePx * sizePx * 3);
  const share = 1 / (samples * samples);
  let target = 0;
  for (let v = 0; v < sizePx; v++) {
    for (let u = 0; u < sizePx; u++) {
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let j = 0; j < samples; j++) {
        const y = v + (j + 0.5) / samples;
        for (let i = 0; i < samples; i++) {
          const x = u + (i + 0.5) / samples;
          // Written out: this is the hottest loop of our own in the pipeline.
          const sourceX = Math.min(Math.max(a * x - b * y + tx - 0.5, 0), width - 1);
          const sourceY = Math.min(Math.max(b * x + a * y + ty - 0.5, 0), height - 1);
          const left = Math.floor(sourceX);
          const top = Math.floor(sourceY);
          const fx = sourceX - left;
          const fy = sourceY - top;
          const at = (top * width + left) * 3;
          const right = left + 1 < width ? at + 3 : at;
          const down = top + 1 < height ? width * 3 : 0;
          const se = fx * fy;
          const sw = fy - se;
          const ne = fx - se;
          const nw = 1 - fx - sw;
          red += pixel(data, at) * nw + pixel(data, right) * ne;
          red += pixel(data, at + down) * sw + pixel(data, right + down) * se;
          green += pixel(data, at + 1) * nw + pixel(data, right + 1) * ne;
          green += pixel(data, at + down + 1) * sw + pixel(data, right + down + 1) * se;
          blue += pixel(data, at + 2) * nw + pixel(data, right + 2) * ne;
          blue += pixel(data, at + down + 2) * sw + pixel(data, right + down + 2) * se;
        }
      }
      output[target++] = Math.round(red * share);
      output[target++] = Math.round(green * share);
      output[target++] = Math.round(blue * share);
    }
  }
  return output;
}

function pixel(data: Uint8Array, index: number): number {
  return data[index] ?? 0;
}
