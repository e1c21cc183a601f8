import type { Liveness } from '../inference/liveness/liveness-nets.ts';

/** Largest selfie that is looked at, in bytes. */
export const selfieSizeMaxBytes = 4 * 1024 * 1024;

/** What a selfie was when its template was made: `quality` and the two liveness scores, each 0..1. */
export type SelfieCheck = Liveness & { readonly quality: number };
