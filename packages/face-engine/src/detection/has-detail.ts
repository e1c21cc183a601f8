import type { RgbImage } from '../pixels/rgb-image.ts';

const cellPx = 16;
/** Mean difference of neighbouring pixels (0..255): a face in deep shadow has more, a clear sky as JPEG less. */
const differenceMin = 1;

/** Whether anything is to be seen in an image: without it, as in sky, walls and what is far out of focus, there is no face. */
export function hasDetail({ data, width, height }: RgbImage): boolean {
  for (let top = 0; top + cellPx <= height; top += cellPx) {
    for (let left = 0; left + cellPx < width; left += cellPx) {
      let sum = 0;
      for (let y = top; y < top + cellPx; y += 2) {
        const row = (y * width + left) * 3 + 1;
        for (let x = 0; x < cellPx * 3; x += 3) sum += Math.abs((data[row + x + 3] ?? 0) - (data[row + x] ?? 0));
      }
      if (sum >= (differenceMin * cellPx * cellPx) / 2) return true;
    }
  }
  return false;
}
