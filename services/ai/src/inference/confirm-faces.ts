import type { Detection } from './detect-faces.ts';
import type { FaceDetector } from './face-pack.ts';
import type { Pyramid } from './pyramid.ts';
import { OUTSIDE_GREY } from './render-view.ts';
import { overlapOf, type RgbImage } from './rgb-image.ts';
import { warpImage } from './warp-image.ts';

/** A hint is shown in squares of this side, the face as large as the detector sees best: it has gaps between its sizes. */
const CELL_PX = 128;
const FACE_IN_CELL_PX = [56, 80];
const CELLS_PER_ROW = 4;
const CELLS_PER_VIEW = 16;

/** A hint and a closer look together: less than a look alone must say, see docs/faces.md for what was measured. */
const CONFIRMED_SCORE_MIN = 0.4;

/** Overlap (intersection over union) with the hint from which a box in its square speaks of it. */
const SAME_FACE_OVERLAP = 0.3;

/** A square of the picture, `scale` times as large. */
interface Cell<Hint extends Detection> {
  readonly hint: Hint;
  readonly scale: number;
  /** Its upper left corner in the picture. */
  readonly x: number;
  readonly y: number;
}

/**
 * Looks closer at what may be faces: many side by side in one view, each as large as the detector sees best. Answers those that
 * are, with the box of the closer look, certain.
 */
export async function confirmFaces<Hint extends Detection>(
  detector: FaceDetector,
  pyramid: Pyramid,
  hints: readonly Hint[],
): Promise<{ faces: Hint[]; pixelCount: number }> {
  const cells = hints.flatMap((hint) => FACE_IN_CELL_PX.map((facePx) => cellOf(hint, facePx)));
  const faces: Hint[] = [];
  let pixelCount = 0;
  for (let start = 0; start < cells.length; start += CELLS_PER_VIEW) {
    const batch = cells.slice(start, start + CELLS_PER_VIEW);
    const view = await showSideBySide(pyramid, batch);
    pixelCount += view.width * view.height;
    const [found = []] = await detector.detect([view]);
    for (const [i, cell] of batch.entries()) {
      const place = placeOf(i);
      for (const { box, score } of found) {
        if (score < CONFIRMED_SCORE_MIN) continue;
        const inPicture = {
          x: cell.x + (box.x - place.x) / cell.scale,
          y: cell.y + (box.y - place.y) / cell.scale,
          width: box.width / cell.scale,
          height: box.height / cell.scale,
        };
        if (overlapOf(inPicture, cell.hint.box) < SAME_FACE_OVERLAP) continue;
        faces.push({ ...cell.hint, box: inPicture, score: Math.max(score, detector.certainMin) });
      }
    }
  }
  return { faces, pixelCount };
}

async function showSideBySide(pyramid: Pyramid, cells: readonly Cell<Detection>[]): Promise<RgbImage> {
  const width = Math.min(cells.length, CELLS_PER_ROW) * CELL_PX;
  const height = Math.ceil(cells.length / CELLS_PER_ROW) * CELL_PX;
  const data = new Uint8Array(width * height * 3).fill(OUTSIDE_GREY);
  for (const [i, cell] of cells.entries()) {
    const { scale, x, y } = cell;
    const level = await pyramid.level(scale);
    const toLevel = { a: level.scale / scale, b: 0, tx: x * level.scale, ty: y * level.scale };
    const pixels = warpImage(level.image, toLevel, CELL_PX);
    const place = placeOf(i);
    // Grey outside of the picture: a face at its edge, with the edge's pixels drawn out, is not seen.
    const [left, right] = insideOf(x, scale, pyramid.picture.width);
    const [top, bottom] = insideOf(y, scale, pyramid.picture.height);
    for (let row = top; row < bottom; row++) {
      const start = ((place.y + row) * width + place.x + left) * 3;
      data.set(pixels.subarray((row * CELL_PX + left) * 3, (row * CELL_PX + right) * 3), start);
    }
  }
  return { data, width, height };
}

/** The part of a cell's side that shows the picture, in pixels of the cell. */
function insideOf(start: number, scale: number, length: number): [from: number, to: number] {
  const from = Math.min(Math.max(Math.round(-start * scale), 0), CELL_PX);
  return [from, Math.min(Math.max(Math.round((length - start) * scale), from), CELL_PX)];
}

function placeOf(index: number): { x: number; y: number } {
  return { x: (index % CELLS_PER_ROW) * CELL_PX, y: Math.floor(index / CELLS_PER_ROW) * CELL_PX };
}

function cellOf<Hint extends Detection>(hint: Hint, facePx: number): Cell<Hint> {
  const { box } = hint;
  const scale = facePx / Math.max(box.width, box.height, 1);
  const half = CELL_PX / scale / 2;
  return { hint, scale, x: box.x + box.width / 2 - half, y: box.y + box.height / 2 - half };
}
