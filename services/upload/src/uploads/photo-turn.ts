/** A photo that waits for an hour goes before what its creator's next thousand would have to wait for. */
const turnsPerHour = 1_000;
const hourMs = 3_600_000;
/** Where hours are counted from: priorities have 32 bits. */
const firstHour = Date.UTC(2026, 0, 1) / hourMs;

/** Of a photo of which it is not known which one of its creator's it is: sent again, or found by the sweeper. */
export const someNumber = 100;

/**
 * The priority of the work on a photo that is the `number`-th of its creator in this hour: the first of each goes before the second of anybody, so that one photo
 * does not wait behind somebody else's thousands.
 */
export function photoPriority(now: Date, number: number): number {
  return -((Math.floor(now.getTime() / hourMs) - firstHour) * turnsPerHour + number);
}
