import type { RgbImage } from './rgb-image.ts';
import type { Similarity } from './similarity-transform.ts';
import { scaleOf } from './similarity-transform.ts';

/** Bounds the loop at 16 samples a pixel; a source shrunk further than this is scaled by its caller first. */
const samplesPerAxisMax = 4;

/** Of a pixel: places are counted in them, and each of the four pixels around a place has a share in as many. */
const partsBits = 8;
const PARTS = 2 ** partsBits;

/**
 * Fills a `sizePx × sizePx` RGB image by reading `source` at `toSource(pixel)`, bilinear; where the warp shrinks by
 * 1.5 or more, each pixel averages a grid of samples. Outside the source's edge its border pixels repeat.
 */
export function warpImage(source: RgbImage, toSource: Similarity, sizePx: number): Uint8Array {
  const samples = Math.min(Math.max(Math.round(scaleOf(toSource)), 1), samplesPerAxisMax);
  const output = new Uint8Array(sizePx * sizePx * 3);
  // Sharp answers Buffers: code that sees two kinds of arrays is slower.
  const { buffer, byteOffset, byteLength } = source.data;
  const plain = { ...source, data: new Uint8Array(buffer, byteOffset, byteLength) };
  for (let v = 0; v < sizePx; v++) {
    warpRow(output.subarray(v * sizePx * 3, (v + 1) * sizePx * 3), v, plain, toSource, samples);
  }
  return output;
}

/**
 * One row of the output. Written out, with places in whole parts of a pixel: this is the hottest loop of our own in the pipeline, and a
 * function that is called often is compiled better than a loop that runs long.
 */
function warpRow(row: Uint8Array, v: number, source: RgbImage, { a, b, tx, ty }: Similarity, samples: number): void {
  const { data, width, height } = source;
  const lastX = ((width - 1) * PARTS) | 0;
  const lastY = ((height - 1) * PARTS) | 0;
  const stepX = Math.round((a / samples) * PARTS) | 0;
  const stepY = Math.round((b / samples) * PARTS) | 0;
  const rowBytes = (width * 3) | 0;
  const total = samples * samples * PARTS * PARTS;
  for (let target = 0; target < row.length; target += 3) {
    let red = 0;
    let green = 0;
    let blue = 0;
    for (let j = 0; j < samples; j++) {
      const startX = target / 3 + 0.5 / samples;
      const startY = v + (j + 0.5) / samples;
      let x = Math.round((a * startX - b * startY + tx - 0.5) * PARTS) | 0;
      let y = Math.round((b * startX + a * startY + ty - 0.5) * PARTS) | 0;
      for (let i = 0; i < samples; i++) {
        const insideX = Math.min(Math.max(x, 0), lastX);
        const insideY = Math.min(Math.max(y, 0), lastY);
        const east = insideX & (PARTS - 1);
        const south = insideY & (PARTS - 1);
        const west = PARTS - east;
        const north = PARTS - south;
        const nw = (insideY >> partsBits) * rowBytes + (insideX >> partsBits) * 3;
        const ne = insideX < lastX ? nw + 3 : nw;
        const down = insideY < lastY ? rowBytes : 0;
        const sw = nw + down;
        const se = ne + down;
        red += (at(data, nw) * west + at(data, ne) * east) * north;
        red += (at(data, sw) * west + at(data, se) * east) * south;
        green += (at(data, nw + 1) * west + at(data, ne + 1) * east) * north;
        green += (at(data, sw + 1) * west + at(data, se + 1) * east) * south;
        blue += (at(data, nw + 2) * west + at(data, ne + 2) * east) * north;
        blue += (at(data, sw + 2) * west + at(data, se + 2) * east) * south;
        x += stepX;
        y += stepY;
      }
    }
    // The array cuts off what is behind the point.
    row[target] = red / total + 0.5;
    row[target + 1] = green / total + 0.5;
    row[target + 2] = blue / total + 0.5;
  }
}

function at(data: Uint8Array, index: number): number {
  return data[index] ?? 0;
}
