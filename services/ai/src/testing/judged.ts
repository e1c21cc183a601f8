import type { Calibration } from '@kilas/face-engine/distances/calibration.ts';
import { usualCut } from '@kilas/matching/default-cut.ts';
import type { JudgedCalibration } from '../distances/default-cut.ts';

/** A calibration in an installation that configured nothing. */
export function judged(calibration: Calibration): JudgedCalibration {
  return { ...calibration, defaultCut: usualCut() };
}
