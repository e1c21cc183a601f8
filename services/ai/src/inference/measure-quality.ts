import { EMBEDDER_INPUT_PX } from './build-embedder-graph.ts';
import type { Point } from './rgb-image.ts';
import { meanPoint } from './similarity-transform.ts';

/**
 * What makes a face fit to enrol. `eyeDistancePx`: between the eyes' centres, in pixels of the image. `sharpness`: the
 * share of the face's contrast that lies in its finest detail, 0 (blurred) to about 0.04. `exposure`: mean luma, 0 black to
 * 1 white. `frontality`: the nose's smaller distance to a side of the face over the larger, 1 from the front, 0 from the
 * side.
 */
export type FaceQuality = { eyeDistancePx: number; sharpness: number; exposure: number; frontality: number };

/** The part of the chip that is skin, eyes and mouth in every face, whatever surrounds it. */
const FACE_START_PX = 30;
const FACE_END_PX = EMBEDDER_INPUT_PX - FACE_START_PX;

/** Landmarks in pixels of the image (iBUG 300-W order), `chip` the aligned 150 × 150 RGB face. */
export function measureQuality(landmarks: readonly Point[], chip: Uint8Array): FaceQuality {
  const rightEye = meanPoint(landmarks.slice(36, 42));
  const leftEye = meanPoint(landmarks.slice(42, 48));
  const across = { x: leftEye.x - rightEye.x, y: leftEye.y - rightEye.y };
  const eyeDistancePx = Math.hypot(across.x, across.y);
  return { eyeDistancePx, frontality: measureFrontality(landmarks, across), ...measureLight(chip) };
}

/** Compares along the line between the eyes, so that a tilted head is as frontal as an upright one. */
function measureFrontality(landmarks: readonly Point[], across: Point): number {
  const along = ({ x, y }: Point) => x * across.x + y * across.y;
  const nose = along(meanPoint(landmarks.slice(29, 31)));
  const toRight = nose - along(meanPoint(landmarks.slice(0, 4)));
  const toLeft = along(meanPoint(landmarks.slice(13, 17))) - nose;
  const larger = Math.max(toRight, toLeft);
  return larger > 0 ? Math.max(Math.min(toRight, toLeft) / larger, 0) : 0;
}

/** Sharpness is the variance of the Laplacian over the variance of the luma, and so indifferent to contrast. */
function measureLight(chip: Uint8Array): { sharpness: number; exposure: number } {
  let [count, sum, squares, detail] = [0, 0, 0, 0];
  for (let y = FACE_START_PX; y < FACE_END_PX; y++) {
    for (let x = FACE_START_PX; x < FACE_END_PX; x++) {
      const luma = lumaAt(chip, x, y);
      const around = lumaAt(chip, x - 1, y) + lumaAt(chip, x + 1, y) + lumaAt(chip, x, y - 1) + lumaAt(chip, x, y + 1);
      count += 1;
      sum += luma;
      squares += luma * luma;
      detail += (around / 4 - luma) ** 2;
    }
  }
  const mean = sum / count;
  const variance = squares / count - mean * mean;
  return { sharpness: variance > 0 ? detail / count / variance : 0, exposure: mean / 255 };
}

/** ITU-R BT.601. */
function lumaAt(chip: Uint8Array, x: number, y: number): number {
  const at = (y * EMBEDDER_INPUT_PX + x) * 3;
  return 0.299 * (chip[at] ?? 0) + 0.587 * (chip[at + 1] ?? 0) + 0.114 * (chip[at + 2] ?? 0);
}
