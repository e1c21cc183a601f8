import { mirrorChip } from './align-face.ts';
import { EMBEDDER_INPUT_PX, EMBEDDING_LENGTH } from './build-embedder-graph.ts';
import type { FaceSessions } from './face-sessions.ts';
import { runOnPixels } from './face-sessions.ts';

/** Faces per run of the embedder, each with its mirror image: larger batches gain no time and take memory. */
const FACES_PER_BATCH_MAX = 8;

/** One 128-d embedding per aligned chip, the mean of the chip's and its mirror image's; compared by L2 distance. */
export async function embedFaces(sessions: FaceSessions, chips: readonly Uint8Array[]): Promise<Float32Array[]> {
  const embeddings: Float32Array[] = [];
  for (let start = 0; start < chips.length; start += FACES_PER_BATCH_MAX) {
    const batch = chips.slice(start, start + FACES_PER_BATCH_MAX);
    const inputs = batch.flatMap((chip) => [chip, mirrorChip(chip)]);
    const { embeddings: values } = await runOnPixels(sessions.embedder, inputs, EMBEDDER_INPUT_PX);
    if (!values) throw new Error('the embedder answers no embeddings');
    for (let i = 0; i < batch.length; i++) embeddings.push(averagePair(values, i * 2 * EMBEDDING_LENGTH));
  }
  return embeddings;
}

function averagePair(values: Float32Array, start: number): Float32Array {
  const mean = values.slice(start, start + EMBEDDING_LENGTH);
  return mean.map((value, i) => (value + (values[start + EMBEDDING_LENGTH + i] ?? 0)) / 2);
}
