type Step = 'turn_left' | 'turn_right' | 'blink';

/** By so much the nose leaves the middle of the eyes, in eye distances, at some thirty degrees; the server wants fifteen. */
const asideMin = 0.35;

/** Whether a head is turned as the step says. Left is the person's: the right side of the picture. Closed eyes are not seen here. */
export function isTurned(step: Step, aside: number | undefined): boolean {
  if (aside === undefined || step === 'blink') return false;
  return step === 'turn_left' ? aside > asideMin : aside < -asideMin;
}

/** After so long the frames are taken anyway: the detector may be blind for a head that is turned far, or absent. */
export function patienceMs(step: Step): number {
  return step === 'blink' ? 1_800 : 5_000;
}
