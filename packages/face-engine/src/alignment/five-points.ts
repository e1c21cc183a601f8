import type { Landmarks } from '../packs/face-pack.ts';
import type { Point } from '../pixels/rgb-image.ts';
import { meanPoint } from '../pixels/similarity-transform.ts';

/** What every landmark layout knows of a face: centres of the eyes, tip of the nose, corners of the mouth; sides are the subject's. */
export type FivePoints = { rightEye: Point; leftEye: Point; nose: Point; mouthRight: Point; mouthLeft: Point };

/** Throws for fewer points than the layout has. */
export function fivePointsOf({ layout, points }: Landmarks): FivePoints {
  const at = (index: number): Point => {
    const point = points[index];
    if (!point) throw new Error(`landmarks of layout ${layout} lack point ${index}`);
    return point;
  };
  const between = (start: number, end: number) => meanPoint(points.slice(start, end));
  if (layout === '5') return { rightEye: at(0), leftEye: at(1), nose: at(2), mouthRight: at(3), mouthLeft: at(4) };
  return { mouthRight: at(48), mouthLeft: at(54), nose: at(30), rightEye: between(36, 42), leftEye: between(42, 48) };
}
