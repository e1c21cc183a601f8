import { randomInt } from 'node:crypto';

/** What a member is asked to do before the camera; the sides are their own. */
export const captureSteps = ['turn_left', 'turn_right', 'blink'] as const;
export type CaptureStep = (typeof captureSteps)[number];

export const challengeSeconds = 120;
export const framesPerStepMax = 3;
export const framesMax = framesPerStepMax * captureSteps.length;
export const frameSizeMaxBytes = 2 * 1024 * 1024;

/** All steps, in an order that nobody can foresee. */
export function drawSteps(): CaptureStep[] {
  const steps: CaptureStep[] = [...captureSteps];
  for (let last = steps.length - 1; last > 0; last--) {
    const drawn = randomInt(last + 1);
    const [a, b] = [steps[drawn], steps[last]];
    if (a !== undefined && b !== undefined) [steps[last], steps[drawn]] = [a, b];
  }
  return steps;
}

/** Whether so many frames show each step equally often. */
export function fitsChallenge(frameCount: number): boolean {
  return frameCount > 0 && frameCount <= framesMax && frameCount % captureSteps.length === 0;
}
