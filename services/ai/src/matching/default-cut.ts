import type { Calibration } from '../inference/calibration.ts';
import { distanceOfLevel, falseMatchRate, levelOf } from '../inference/level.ts';

/** As photo shows matches to members who chose no level: DEFAULT_LEVEL_MIN and STRANGERS_PER_EVENT_MAX at their defaults. */
const levelMin = 3;
const strangersMax = 0.5;

/** Whether a face is near enough to be shown by default where few faces were searched. */
export function isWithinDefaultLevel(calibration: Calibration, distance: number): boolean {
  return levelOf(calibration, distance) >= levelMin;
}

/** The distance up to which isWithinDefaultLevel holds. */
export function defaultDistanceMax(calibration: Calibration): number {
  return distanceOfLevel(calibration, levelMin);
}

/** Whether a face is near enough to be shown by default. `trials`: faces that were searched, for each template it was compared with. */
export function isWithinDefaultCut(calibration: Calibration, distance: number, trials: number): boolean {
  return isWithinDefaultLevel(calibration, distance) && falseMatchRate(calibration, distance) * trials <= strangersMax;
}
