import type { Detection } from './detect-faces.ts';
import type { FaceDetector } from './face-pack.ts';
import type { RgbImage } from './rgb-image.ts';
import { warpImage } from './warp-image.ts';

/** A hint is shown in a square of this side, the face so large as the detector sees best. */
const CELL_PX = 128;
const FACE_IN_CELL_PX = 56;
const CELLS_PER_ROW = 4;
const CELLS_PER_VIEW = 16;

/** Overlap (intersection over union) with the hint from which a box in its square speaks of it. */
const SAME_FACE_OVERLAP = 0.3;

/**
 * Looks closer at what may be faces: many side by side in one view, each as large as the detector sees best. Answers those that
 * are, with box and score of the closer look.
 */
export async function confirmFaces(
  detector: FaceDetector,
  picture: RgbImage,
  hints: readonly Detection[],
): Promise<{ faces: Detection[]; pixelCount: number }> {
  const faces: Detection[] = [];
  let pixelCount = 0;
  for (let start = 0; start < hints.length; start += CELLS_PER_VIEW) {
    const batch = hints.slice(start, start + CELLS_PER_VIEW);
    const view = showSideBySide(picture, batch);
    pixelCount += view.width * view.height;
    const [found = []] = await detector.detect([view]);
    for (const [i, hint] of batch.entries()) {
      const cell = { x: (i % CELLS_PER_ROW) * CELL_PX, y: Math.floor(i / CELLS_PER_ROW) * CELL_PX };
      const scale = scaleOfCell(hint);
      const origin = originOf(hint, scale);
      for (const { box, score } of found) {
        if (score < detector.scoreMin) continue;
        const inPicture = {
          x: origin.x + (box.x - cell.x) / scale,
          y: origin.y + (box.y - cell.y) / scale,
          width: box.width / scale,
          height: box.height / scale,
        };
        if (overlap(inPicture, hint.box) >= SAME_FACE_OVERLAP) faces.push({ box: inPicture, score });
      }
    }
  }
  return { faces, pixelCount };
}

function showSideBySide(picture: RgbImage, hints: readonly Detection[]): RgbImage {
  const width = Math.min(hints.length, CELLS_PER_ROW) * CELL_PX;
  const height = Math.ceil(hints.length / CELLS_PER_ROW) * CELL_PX;
  const data = new Uint8Array(width * height * 3).fill(128);
  for (const [i, hint] of hints.entries()) {
    const scale = scaleOfCell(hint);
    const { x: tx, y: ty } = originOf(hint, scale);
    const cell = warpImage(picture, { a: 1 / scale, b: 0, tx, ty }, CELL_PX);
    const left = (i % CELLS_PER_ROW) * CELL_PX;
    const top = Math.floor(i / CELLS_PER_ROW) * CELL_PX;
    for (let row = 0; row < CELL_PX; row++) {
      data.set(cell.subarray(row * CELL_PX * 3, (row + 1) * CELL_PX * 3), ((top + row) * width + left) * 3);
    }
  }
  return { data, width, height };
}

/** Pixels of the cell per pixel of the picture. */
function scaleOfCell({ box }: Detection): number {
  return FACE_IN_CELL_PX / Math.max(box.width, box.height, 1);
}

/** The cell's upper left corner in the picture. */
function originOf({ box }: Detection, scale: number): { x: number; y: number } {
  const half = CELL_PX / scale / 2;
  return { x: box.x + box.width / 2 - half, y: box.y + box.height / 2 - half };
}

function overlap(a: Detection['box'], b: Detection['box']): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  return (width * height) / (a.width * a.height + b.width * b.height - width * height);
}
