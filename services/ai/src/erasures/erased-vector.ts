/** An embedding that was erased, as it stood in its table. It is kept in memory alone, to be looked for once. */
export interface ErasedVector {
  readonly packId: string;
  /** pgvector's text form. */
  readonly embedding: string;
  /** Copied from a face of a photo, which may stay: looked for among templates alone. */
  readonly isCopy?: boolean;
}
