import type { Calibration } from '@kilas/face-engine/distances/calibration.ts';
import { distanceOfLevel, falseMatchRate, levelOf } from '@kilas/face-engine/distances/level.ts';
import { type DefaultCut, isLevelShown, isShownByDefault } from '@kilas/matching/default-cut.ts';

/** What distances mean under a pack, and what the installation shows of them by default. */
export interface JudgedCalibration extends Calibration {
  readonly defaultCut: DefaultCut;
}

/** Whether a face is near enough to be shown by default where few faces were searched. */
export function isWithinDefaultLevel(calibration: JudgedCalibration, distance: number): boolean {
  return isLevelShown(calibration.defaultCut, levelOf(calibration, distance));
}

/** The distance up to which isWithinDefaultLevel holds. */
export function defaultDistanceMax(calibration: JudgedCalibration): number {
  return distanceOfLevel(calibration, calibration.defaultCut.levelMin);
}

/** Whether a face is near enough to be shown by default. `trials`: faces that were searched, for each template it was compared with. */
export function isWithinDefaultCut(calibration: JudgedCalibration, distance: number, trials: number): boolean {
  const { defaultCut } = calibration;
  return isShownByDefault(defaultCut, matchAt(calibration, distance), trials);
}

export function matchAt(calibration: Calibration, distance: number): { level: number; falseMatchRate: number } {
  return { level: levelOf(calibration, distance), falseMatchRate: falseMatchRate(calibration, distance) };
}
