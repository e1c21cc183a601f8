import type { ImageAnalysis } from '@kilas/face-engine/analysis/analyse-image.ts';
import { InferenceError } from '@kilas/face-engine/inference-error.ts';
import { inSpan } from '@kilas/platform/telemetry/spans.ts';
import { busySeconds, facesFound, imagesAnalysed } from '../metrics.ts';
import type { Line } from './analysis-queue.ts';

/** Times one image's analysis and counts what it found. */
export async function countAnalysis(line: Line, analyse: () => Promise<ImageAnalysis>): Promise<ImageAnalysis> {
  const startedAt = performance.now();
  try {
    const analysis = await inSpan('analyse image', analyse);
    imagesAnalysed.add({ line, outcome: 'done' });
    facesFound.add({ line }, analysis.faces.length);
    return analysis;
  } catch (error) {
    const isImageAtFault = error instanceof InferenceError && error.reason.startsWith('image_');
    imagesAnalysed.add({ line, outcome: isImageAtFault ? 'refused' : 'error' });
    throw error;
  } finally {
    busySeconds.add({}, (performance.now() - startedAt) / 1000);
  }
}
