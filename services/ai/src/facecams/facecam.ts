/** Largest selfie that is looked at, in bytes. */
export const selfieSizeMaxBytes = 4 * 1024 * 1024;

/**
 * Facecams of one member are all this near to each other (L2): the usual cut of the built-in embedder. All and not one of
 * them, or a chain of look-alikes would lead from one person to another.
 */
export const samePersonDistanceMax = 0.6;
