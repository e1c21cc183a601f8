import { EMBEDDER_INPUT_PX } from './build-embedder-graph.ts';
import type { Point, RgbImage } from './rgb-image.ts';
import type { Similarity } from './similarity-transform.ts';
import { fitSimilarity } from './similarity-transform.ts';
import { warpImage } from './warp-image.ts';

const CHIP_PADDING = 0.25;

/**
 * Where dlib puts five of the 68 points on its face, in fractions of the unpadded chip: both corners of each eye and
 * the base of the nose. Source: dlib `get_face_chip_details`, five-point model.
 */
const ANCHORS: readonly { landmark: number; x: number; y: number }[] = [
  { landmark: 45, x: 0.8595674595992, y: 0.2134981538014 },
  { landmark: 42, x: 0.6460604764104, y: 0.2289674387677 },
  { landmark: 36, x: 0.1205750620789, y: 0.2137274526848 },
  { landmark: 39, x: 0.3340850613712, y: 0.2290642403242 },
  { landmark: 33, x: 0.4901123135679, y: 0.6277975316475 },
];

/** The similarity from dlib's 150 px chip (25 % padding) to the picture in which the 68 `landmarks` lie. */
export function fitChip(landmarks: readonly Point[]): Similarity {
  const chipPoints = ANCHORS.map(({ x, y }) => ({ x: toChip(x), y: toChip(y) }));
  const facePoints = ANCHORS.map(({ landmark }) => landmarks[landmark] ?? { x: 0, y: 0 });
  return fitSimilarity(chipPoints, facePoints);
}

/** Cuts the upright 150 × 150 RGB chip that the embedder expects. */
export function alignFace(picture: RgbImage, landmarks: readonly Point[]): Uint8Array {
  return warpImage(picture, fitChip(landmarks), EMBEDDER_INPUT_PX);
}

export function mirrorChip(chip: Uint8Array): Uint8Array {
  const mirrored = new Uint8Array(chip.length);
  const lastColumn = (EMBEDDER_INPUT_PX - 1) * 3;
  for (let row = 0; row < chip.length; row += EMBEDDER_INPUT_PX * 3) {
    for (let x = 0; x <= lastColumn; x += 3) {
      for (let c = 0; c < 3; c++) mirrored[row + lastColumn - x + c] = chip[row + x + c] ?? 0;
    }
  }
  return mirrored;
}

function toChip(fraction: number): number {
  return ((CHIP_PADDING + fraction) / (1 + 2 * CHIP_PADDING)) * EMBEDDER_INPUT_PX;
}
