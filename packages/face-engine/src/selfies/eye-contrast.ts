import { lumaPx } from '../imprints/imprint.ts';
import type { Point } from '../pixels/rgb-image.ts';

/** Where the centres of the eyes lie in the grey picture of an aligned face, in its pixels. */
const EYES: readonly Point[] = [
  { x: 24, y: 24 },
  { x: 50, y: 24 },
];
/** Landmarks are about so many pixels off. */
const reachPx = 3;

/** The dark of an iris, and what lies on either side of it, white in an open eye. */
const IRIS: readonly Point[] = square(2).filter(({ x, y }) => x * x + y * y <= 5);
const BESIDE: readonly Point[] = [-5, -4, 4, 5].flatMap((x) => [-1, 0, 1].map((y) => ({ x, y })));

/** Eyes, nose and mouth, whose contrast is the measure. */
const faceStartPx = 15;
const faceEndPx = lumaPx - faceStartPx;

/**
 * How much darker than what lies beside them the irises are, in contrasts of the face, the mean of both eyes: of open eyes that look ahead 0.5 to
 * 2.2, of one person in one light much the same, of closed lids a third of that. `luma` is of an aligned face, lumaPx a side.
 */
export function eyeContrastOf(luma: Uint8Array): number {
  const contrast = deviationOf(luma);
  if (contrast === 0) return 0;
  const eyes = EYES.map((eye) => Math.max(...square(reachPx).map((off) => depthAt(luma, moved(eye, off)))));
  return eyes.reduce((sum, depth) => sum + depth, 0) / eyes.length / contrast;
}

function depthAt(luma: Uint8Array, middle: Point): number {
  const mean = (points: readonly Point[]) =>
    points.reduce((sum, off) => sum + lumaAt(luma, moved(middle, off)), 0) / points.length;
  return mean(BESIDE) - mean(IRIS);
}

function deviationOf(luma: Uint8Array): number {
  let [count, sum, squares] = [0, 0, 0];
  for (let y = faceStartPx; y < faceEndPx; y++) {
    for (let x = faceStartPx; x < faceEndPx; x++) {
      const value = lumaAt(luma, { x, y });
      count += 1;
      sum += value;
      squares += value * value;
    }
  }
  return Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
}

function square(reach: number): Point[] {
  const offs = Array.from({ length: 2 * reach + 1 }, (_, i) => i - reach);
  return offs.flatMap((y) => offs.map((x) => ({ x, y })));
}

function moved({ x, y }: Point, off: Point): Point {
  return { x: x + off.x, y: y + off.y };
}

function lumaAt(luma: Uint8Array, { x, y }: Point): number {
  return luma[y * lumaPx + x] ?? 0;
}
