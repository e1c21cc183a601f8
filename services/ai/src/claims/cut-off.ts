import { addSeconds } from '@kilas/platform/process/clock.ts';

/** How long a face waits for another member to claim it, when its enrolment was not proven live. */
const waitSeconds = 7 * 86_400;
/** It waits at least this long from the moment in which this database cut it off: after a restore, earlier time does not count. */
const waitHereSeconds = 86_400;
const hourMs = 3_600_000;

/** When a cut-off face goes. A whole hour, so that it says little about the moment in which the member withdrew. */
export function cutOffUntil(withdrawnAt: Date, now: Date): Date {
  const atLeast = Math.max(addSeconds(withdrawnAt, waitSeconds).getTime(), addSeconds(now, waitHereSeconds).getTime());
  return new Date(Math.ceil(atLeast / hourMs) * hourMs);
}
