import type { ImageAnalysis } from '../inference/analyse-image.ts';
import type { FaceQuality } from '../inference/measure-quality.ts';

/** Fractions of the photo's width and height, 0 to 1. */
export interface FaceBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A face of a photo as it is stored. */
export interface Face {
  readonly box: FaceBox;
  readonly score: number;
  readonly embedding: Float32Array;
  readonly quality: FaceQuality;
  /** Whether it may decide; of one that may not, members are asked. */
  readonly isSure: boolean;
}

/** The faces of an analysis, wherever the image is shown and however large. */
export function facesOf({ width, height, faces }: ImageAnalysis): Face[] {
  return faces.map(({ box, score, embedding, quality, isSure }) => {
    const left = box.x / width;
    const top = box.y / height;
    // Rounding may carry the far edge beyond 1.
    const fraction = { width: Math.min(box.width / width, 1 - left), height: Math.min(box.height / height, 1 - top) };
    return { box: { left, top, ...fraction }, score, embedding, quality, isSure };
  });
}

/**
 * Intersection over union from which two boxes in one photo are the same face, whichever detectors drew them: theirs differ in
 * how much of the forehead they take in. No pack gives two faces that overlap as much.
 */
export const SAME_PLACE_OVERLAP = 0.4;

/** Whether two boxes in one photo are the same face. */
export function isSamePlace(a: FaceBox, b: FaceBox): boolean {
  const width = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const height = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  const shared = Math.max(width, 0) * Math.max(height, 0);
  return shared >= SAME_PLACE_OVERLAP * (a.width * a.height + b.width * b.height - shared);
}
