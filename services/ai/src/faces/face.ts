import type { ImageAnalysis } from '@kilas/face-engine/analysis/analyse-image.ts';
import { imprintOf } from '@kilas/face-engine/imprints/imprint.ts';
import type { FaceQuality } from '@kilas/face-engine/quality/measure-quality.ts';
import type { Turning } from '../turning/turning.ts';
import type { FaceBox } from './face-box.ts';

/** Of one face, turned as embeddings are: of the photo, and of its preview with the watermark. */
export interface FaceImprints {
  readonly photo: Float32Array;
  readonly preview: Float32Array | undefined;
}

/** A face of a photo as it is stored. */
export interface Face {
  readonly box: FaceBox;
  readonly score: number;
  readonly embedding: Float32Array;
  /** Absent where no picture of the face was looked at. */
  readonly imprints?: FaceImprints;
  readonly quality: FaceQuality;
  /** Whether it may decide; of one that may not, members are asked. */
  readonly isSure: boolean;
}

/** The faces of an analysis, wherever the image is shown and however large; `previews` are their faces in the preview, as far as there is one. */
export function facesOf(
  { width, height, faces }: ImageAnalysis,
  previews: readonly Uint8Array[],
  turning: Pick<Turning, 'turnImprint'>,
): Face[] {
  return faces.map(({ box, score, embedding, luma, quality, isSure }, i) => {
    const left = box.x / width;
    const top = box.y / height;
    // Rounding may carry the far edge above 1.
    const fraction = { width: Math.min(box.width / width, 1 - left), height: Math.min(box.height / height, 1 - top) };
    const inPreview = previews[i];
    const imprints = {
      photo: turning.turnImprint(imprintOf(luma)),
      preview: inPreview && turning.turnImprint(imprintOf(inPreview)),
    };
    return { box: { left, top, ...fraction }, score, embedding, imprints, quality, isSure };
  });
}
