import type { Net } from './read-net.ts';
import { runNet } from './run-net.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A face; all places are shares of the square that the net looked at. */
export interface Face {
  readonly score: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** As the picture shows them: the one at its left first. */
  readonly eyes: readonly [Point, Point];
  readonly nose: Point;
  readonly mouth: Point;
}

/** The side of the square that BlazeFace looks at. */
export const pictureSide = 128;

const scoreMin = 0.6;
const overlapMax = 0.3;
/** Cells of the two layers of BlazeFace for faces near the camera, and guesses in each. */
const layers = [
  { cells: 16, guesses: 2, scores: 'Identity', boxes: 'Identity_2' },
  { cells: 8, guesses: 6, scores: 'Identity_1', boxes: 'Identity_3' },
] as const;
/** A box, then six points: right eye, left eye, nose, mouth, right ear, left ear. */
const numbersPerGuess = 16;

/** Finds faces in a square picture of RGBA bytes, the largest first. Source: Bazarevsky et al., BlazeFace, 2019. */
export function findFaces(net: Net, rgba: Uint8ClampedArray): Face[] {
  const outputs = layers.flatMap(({ scores, boxes }) => [scores, boxes]);
  const tensors = runNet(net, toTensor(rgba), outputs);
  const faces = layers.flatMap(({ cells, guesses }, layer) => {
    const scores = tensors[layer * 2]?.data ?? new Float32Array();
    const boxes = tensors[layer * 2 + 1]?.data ?? new Float32Array();
    return [...scores].flatMap((logit, guess) => {
      const score = 1 / (1 + Math.exp(-logit));
      if (score < scoreMin) return [];
      const cell = Math.floor(guess / guesses);
      const centre = { x: ((cell % cells) + 0.5) / cells, y: (Math.floor(cell / cells) + 0.5) / cells };
      return [faceAt(boxes.subarray(guess * numbersPerGuess, (guess + 1) * numbersPerGuess), centre, score)];
    });
  });
  return onePerFace(faces).sort((a, b) => b.width - a.width);
}

function toTensor(rgba: Uint8ClampedArray) {
  const data = new Float32Array(pictureSide * pictureSide * 3);
  for (let pixel = 0; pixel < pictureSide * pictureSide; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      data[pixel * 3 + channel] = (rgba[pixel * 4 + channel] ?? 0) / 127.5 - 1;
    }
  }
  return { height: pictureSide, width: pictureSide, channels: 3, data };
}

function faceAt(numbers: Float32Array, centre: Point, score: number): Face {
  const at = (place: number) => (numbers[place] ?? 0) / pictureSide;
  const point = (index: number): Point => ({ x: centre.x + at(4 + index * 2), y: centre.y + at(5 + index * 2) });
  const [width, height] = [at(2), at(3)];
  return {
    score,
    left: centre.x + at(0) - width / 2,
    top: centre.y + at(1) - height / 2,
    width,
    height,
    eyes: [point(0), point(1)],
    nose: point(2),
    mouth: point(3),
  };
}

/** Many guesses are of one face: the surest stays. */
function onePerFace(faces: readonly Face[]): Face[] {
  const kept: Face[] = [];
  for (const face of faces.toSorted((a, b) => b.score - a.score)) {
    if (kept.every((other) => overlapOf(face, other) < overlapMax)) kept.push(face);
  }
  return kept;
}

function overlapOf(a: Face, b: Face): number {
  const width = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const height = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  if (width <= 0 || height <= 0) return 0;
  return (width * height) / (a.width * a.height + b.width * b.height - width * height);
}
