import type { FaceQuality } from '../quality/measure-quality.ts';

/** Of a face that is large, sharp, lit, whole and looks into the camera. */
export const goodQuality: FaceQuality = {
  eyeDistancePx: 80,
  sharpness: 0.01,
  exposure: 0.5,
  burntShare: 0,
  insideShare: 1,
  yawDeg: 5,
  pitchDeg: -5,
  rollDeg: 2,
  quality: 1,
};
