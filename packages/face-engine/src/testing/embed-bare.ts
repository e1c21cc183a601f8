import { InferenceSession, Tensor } from 'onnxruntime-node';

/** What a graph of an embedder makes of RGB chips, one by one, each made one long; without mirror images. */
export async function embedBare(graph: Uint8Array, chips: readonly Uint8Array[], sizePx: number) {
  const session = await InferenceSession.create(graph, { executionProviders: ['cpu'] });
  const embeddings: Float32Array[] = [];
  for (const chip of chips) {
    const { embeddings: output } = await session.run({ pixels: new Tensor('uint8', chip, [1, sizePx, sizePx, 3]) });
    if (!(output?.data instanceof Float32Array)) throw new Error('the graph has no embeddings');
    embeddings.push(toUnit(output.data));
  }
  await session.release();
  return embeddings;
}

export function toUnit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

/** The largest difference of two numbers at the same place. */
export function largestGap(some: readonly Float32Array[], others: readonly Float32Array[]): number {
  let largest = 0;
  for (const [i, one] of some.entries()) {
    const other = others[i];
    if (other?.length !== one.length) throw new Error(`embedding ${i} has another length`);
    for (const [k, value] of one.entries()) largest = Math.max(largest, Math.abs(value - (other[k] ?? Number.NaN)));
  }
  return largest;
}
