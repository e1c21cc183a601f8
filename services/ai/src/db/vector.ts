/** pgvector's text form, "[0.5,-1,…]". */
export function vectorOf(embedding: Float32Array): string {
  return `[${embedding.join(',')}]`;
}

/** Reads pgvector's text form. */
export function readVector(text: string): Float32Array {
  return Float32Array.from(text.slice(1, -1).split(','), Number);
}
