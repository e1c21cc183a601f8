/** The 1st, 2nd, 4th, 8th … of something: a service that is away for a day does not fill the log. */
export function isRound(count: number): boolean {
  return Number.isInteger(Math.log2(count));
}
