import { Tensor } from 'onnxruntime-node';
import { EMBEDDER_INPUT_PX, embeddingLength } from '../graphs/build-embedder-graph.ts';
import { dlibAnchors } from './dlib-chip.ts';
import type { FaceEmbedder, Landmarks } from './face-pack.ts';
import { mirrorChip } from './mirror-chip.ts';
import { floatsOf, type ModelSession, openModelSession } from './model-session.ts';
import { joinPixels } from './pixel-tensor.ts';

/** Faces per run, each with its mirror image: larger batches gain no time and take memory. */
const facesPerRunMax = 8;
const chipBytes = EMBEDDER_INPUT_PX * EMBEDDER_INPUT_PX * 3;

/** The embedder of the built-in pack `dlib-128-v1`: dlib's ResNet. */
export class DlibEmbedder implements FaceEmbedder {
  readonly dimension = embeddingLength;
  readonly chipPx = EMBEDDER_INPUT_PX;
  readonly #session: ModelSession;

  static async open(file: string, threads: number): Promise<DlibEmbedder> {
    return new DlibEmbedder(await openModelSession(file, threads));
  }

  constructor(session: ModelSession) {
    this.#session = session;
  }

  anchors(layout: Landmarks['layout']): typeof dlibAnchors | undefined {
    return layout === '68' ? dlibAnchors : undefined;
  }

  async embed(chips: readonly Uint8Array[]): Promise<Float32Array[]> {
    const embeddings: Float32Array[] = [];
    for (let start = 0; start < chips.length; start += facesPerRunMax) {
      const batch = chips.slice(start, start + facesPerRunMax);
      const inputs = batch.flatMap((chip) => [{ data: chip }, { data: mirrorChip(chip, EMBEDDER_INPUT_PX) }]);
      const shape = [inputs.length, EMBEDDER_INPUT_PX, EMBEDDER_INPUT_PX, 3];
      const outputs = await this.#session.run(new Tensor('uint8', joinPixels(inputs, chipBytes), shape));
      const values = floatsOf(outputs, 'embeddings', inputs.length * embeddingLength);
      for (let i = 0; i < batch.length; i++) embeddings.push(averagePair(values, i * 2 * embeddingLength));
    }
    return embeddings;
  }

  close(): Promise<void> {
    return this.#session.close();
  }
}

function averagePair(values: Float32Array, start: number): Float32Array {
  const mean = values.slice(start, start + embeddingLength);
  return mean.map((value, i) => (value + (values[start + embeddingLength + i] ?? 0)) / 2);
}
