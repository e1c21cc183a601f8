import type { Point } from './rgb-image.ts';

/** Turn, scale and shift: `(x, y) → (a·x − b·y + tx, b·x + a·y + ty)`. */
export type Similarity = { a: number; b: number; tx: number; ty: number };

/**
 * The similarity without reflection that brings `from` nearest to `to` in the least-squares sense; the lists are paired
 * and hold at least two different points. Source: Umeyama (1991), in the plane.
 */
export function fitSimilarity(from: readonly Point[], to: readonly Point[]): Similarity {
  const fromMean = meanPoint(from);
  const toMean = meanPoint(to);
  let [dot, cross, spread] = [0, 0, 0];
  for (const [i, point] of from.entries()) {
    const target = to[i] ?? toMean;
    const [px, py] = [point.x - fromMean.x, point.y - fromMean.y];
    const [qx, qy] = [target.x - toMean.x, target.y - toMean.y];
    dot += px * qx + py * qy;
    cross += px * qy - py * qx;
    spread += px * px + py * py;
  }
  if (spread === 0) throw new Error('a similarity needs two different points');
  const a = dot / spread;
  const b = cross / spread;
  return { a, b, tx: toMean.x - a * fromMean.x + b * fromMean.y, ty: toMean.y - b * fromMean.x - a * fromMean.y };
}

export function applySimilarity({ a, b, tx, ty }: Similarity, { x, y }: Point): Point {
  return { x: a * x - b * y + tx, y: b * x + a * y + ty };
}

/** How many source units one unit becomes. */
export function scaleOf({ a, b }: Similarity): number {
  return Math.hypot(a, b);
}

export function meanPoint(points: readonly Point[]): Point {
  const sum = points.reduce((total, { x, y }) => ({ x: total.x + x, y: total.y + y }), { x: 0, y: 0 });
  return { x: sum.x / points.length, y: sum.y / points.length };
}
