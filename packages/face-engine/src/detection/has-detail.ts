import type { RgbImage } from '../pixels/rgb-image.ts';

const CELL_PX = 16;
/** Mean difference of neighbouring pixels (0..255): a face in deep shadow has more, a clear sky as JPEG less. */
const DIFFERENCE_MIN = 1;

/** Whether anything is to be seen in an image: without it, as in sky, walls and what is far out of focus, there is no face. */
export function hasDetail({ data, width, height }: RgbImage): boolean {
  for (let top = 0; top + CELL_PX <= height; top += CELL_PX) {
    for (let left = 0; left + CELL_PX < width; left += CELL_PX) {
      let sum = 0;
      for (let y = top; y < top + CELL_PX; y += 2) {
        const row = (y * width + left) * 3 + 1;
        for (let x = 0; x < CELL_PX * 3; x += 3) sum += Math.abs((data[row + x + 3] ?? 0) - (data[row + x] ?? 0));
      }
      if (sum >= (DIFFERENCE_MIN * CELL_PX * CELL_PX) / 2) return true;
    }
  }
  return false;
}
