import type { ImageAnalysis } from '@kilas/face-engine/analysis/analyse-image.ts';
import { InferenceError } from '@kilas/face-engine/inference-error.ts';
import { Count } from '@kilas/platform/telemetry/metrics.ts';
import { inSpan } from '@kilas/platform/telemetry/spans.ts';
import { type Line, lines } from './analysis-queue.ts';

const imagesAnalysed = new Count('ai', 'kilas_images_analysed_total', 'Images given to an engine; refused: no image', {
  line: lines,
  outcome: ['done', 'refused', 'error'],
});
const facesFound = new Count('ai', 'kilas_faces_found_total', 'Faces found in images', { line: lines });
const busySeconds = new Count(
  'ai',
  'kilas_engine_busy_seconds_total',
  'Seconds that images spent in the engines, together',
  {},
);

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
