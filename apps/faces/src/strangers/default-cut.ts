import { type Calibration, levelMax } from '@kilas/face-engine/distances/calibration.ts';
import { distanceOfLevel, falseMatchRate, levelOf } from '@kilas/face-engine/distances/level.ts';
import { isShownByDefault, usualCut } from '@kilas/matching/default-cut.ts';

/** Faces of the event whose default cut is measured. */
export const eventFaces = 10_000;

/** A distance up to which pairs are shown, and the rate that the calibration states for it. */
export interface Cut {
  readonly name: string;
  readonly distance: number;
  readonly stated: number;
}

/** What an event of 10,000 faces shows a member who chose no level, first; then the levels from 1 on. */
export function listCuts(calibration: Calibration): [Cut, ...Cut[]] {
  const cutAt = (name: string, distance: number): Cut => ({
    name,
    distance,
    stated: falseMatchRate(calibration, distance),
  });
  const levels = Array.from({ length: levelMax }, (_, i) =>
    cutAt(`level ${i + 1}`, distanceOfLevel(calibration, i + 1)),
  );
  return [cutAt('default cut', farthestShown(calibration)), ...levels];
}

/** With three facecams of a member, each of which counts as a trial. */
export function cutOfThree(calibration: Calibration): number {
  return farthestShown(calibration, 3);
}

/** Found by asking the rule that serves. */
function farthestShown(calibration: Calibration, facecamCount = 1): number {
  let [low, high] = [0, distanceOfLevel(calibration, 1)];
  for (let i = 0; i < 60; i++) {
    const distance = (low + high) / 2;
    const match = {
      level: levelOf(calibration, distance),
      falseMatchRate: falseMatchRate(calibration, distance),
    };
    if (isShownByDefault(usualCut(), match, facecamCount * eventFaces)) low = distance;
    else high = distance;
  }
  return low;
}
