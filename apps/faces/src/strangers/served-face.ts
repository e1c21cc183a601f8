import type { AnalysedFace } from '@kilas/face-engine/analysis/analyse-image.ts';
import type { Box } from '@kilas/face-engine/pixels/rgb-image.ts';

/** A face as the service sees it. */
export interface ServedFace {
  readonly embedding: Float32Array;
  /** Otherwise it may be found, but decides nothing. */
  readonly isSure: boolean;
  readonly file: string;
  readonly box: Box;
}

export function toServedFace({ embedding, box, isSure }: AnalysedFace, file: string): ServedFace {
  return { embedding, box, isSure, file };
}
