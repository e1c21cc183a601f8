import { DLIB_CALIBRATION } from '../inference/calibration.ts';
import type { Liveness } from '../inference/liveness/liveness-nets.ts';

/** Largest selfie that is looked at, in bytes. */
export const selfieSizeMaxBytes = 4 * 1024 * 1024;

/**
 * Facecams of one member are all this near to each other (L2). All and not one of them, or a chain of look-alikes would lead
 * from one person to another.
 */
export const samePersonDistanceMax = DLIB_CALIBRATION.samePersonDistanceMax;

/** What a selfie was when its template was made: `quality` and the two liveness scores, each 0..1. */
export type SelfieCheck = Liveness & { readonly quality: number };
