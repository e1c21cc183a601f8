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
}

/** The faces of an analysis, wherever the image is shown and however large. */
export function facesOf({ width, height, faces }: ImageAnalysis): Face[] {
  return faces.map(({ box, score, embedding, quality }) => {
    const left = box.x / width;
    const top = box.y / height;
    // Rounding may carry the far edge beyond 1.
    const fraction = { width: Math.min(box.width / width, 1 - left), height: Math.min(box.height / height, 1 - top) };
    return { box: { left, top, ...fraction }, score, embedding, quality };
  });
}
