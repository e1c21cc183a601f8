import { addSeconds } from '@kilas/platform/process/clock.ts';

/** How long the face of somebody who was not proven live waits for another member whose it is. */
const waitSeconds = 7 * 86_400;
/** So long at least from when it was cut off here: in a database that was restored nobody had the time before. */
const waitHereSeconds = 86_400;
const hourMs = 3_600_000;

/** When a face goes that was cut off: on a whole hour, which says little of the moment in which somebody withdrew. */
export function cutOffUntil(withdrawnAt: Date, now: Date): Date {
  const atLeast = Math.max(addSeconds(withdrawnAt, waitSeconds).getTime(), addSeconds(now, waitHereSeconds).getTime());
  return new Date(Math.ceil(atLeast / hourMs) * hourMs);
}
