/** Fractions of the photo's width and height, 0 to 1. */
export interface FaceBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Intersection over union from which two boxes in one photo are the same face, whichever detectors drew them: theirs differ in
 * how much of the forehead they take in. No pack gives two faces that overlap as much.
 */
export const samePlaceOverlap = 0.4;

/** Whether two boxes in one photo are the same face. */
export function isSamePlace(a: FaceBox, b: FaceBox): boolean {
  const width = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const height = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  const shared = Math.max(width, 0) * Math.max(height, 0);
  return shared >= samePlaceOverlap * (a.width * a.height + b.width * b.height - shared);
}
