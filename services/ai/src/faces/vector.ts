/** pgvector's text form, "[0.5,-1,…]". */
export function vectorOf(embedding: Float32Array): string {
  return `[${embedding.join(',')}]`;
}
