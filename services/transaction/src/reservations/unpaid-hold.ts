import { addSeconds } from '@kilas/platform/process/clock.ts';

/** An exclusive photo that an order kept from everybody else and did not pay. */
export interface UnpaidHold {
  readonly photoId: string;
  readonly heldSeconds: number;
  readonly endedAt: Date;
}

const daySeconds = 86_400;

/**
 * How long one buyer may hold one exclusive photo without paying, in lifetimes of an order. A buyer whose payment failed can try again at once. A
 * buyer who holds the photo without paying waits a day, and then a month.
 */
const allowances = [
  { windowSeconds: daySeconds, lifetimes: 2 },
  { windowSeconds: 30 * daySeconds, lifetimes: 4 },
] as const;

/** A hold counts no longer. */
export const holdsCountForSeconds = 30 * daySeconds;

/** Different exclusive photos that one buyer may hold without paying within a day. */
export const unpaidPhotosWindowSeconds = daySeconds;
export const unpaidPhotosMax = 200;

/** A hold counts at least this part of a lifetime, so that few of them fill an allowance. */
const shortestPart = 15;

/** For how long an order that was not paid held its photos; that it was closed late is not its buyer's doing. */
export function heldSecondsOf(order: { readonly createdAt: Date; readonly expiresAt: Date }, endedAt: Date): number {
  const lifetimeMs = order.expiresAt.getTime() - order.createdAt.getTime();
  const heldMs = Math.min(endedAt.getTime() - order.createdAt.getTime(), lifetimeMs);
  return Math.max(1, Math.ceil(Math.max(heldMs, lifetimeMs / shortestPart) / 1000));
}

/** When a buyer may hold a photo for a whole lifetime again, by their holds of it; a time that has passed where they may. */
export function holdableFrom(
  holds: readonly Pick<UnpaidHold, 'heldSeconds' | 'endedAt'>[],
  lifetimeSeconds: number,
): Date {
  const ends = allowances.map(({ windowSeconds, lifetimes }) => {
    let left = (lifetimes - 1) * lifetimeSeconds;
    for (const { heldSeconds, endedAt } of holds.toSorted((a, b) => b.endedAt.getTime() - a.endedAt.getTime())) {
      left -= heldSeconds;
      if (left < 0) return addSeconds(endedAt, windowSeconds);
    }
    return new Date(0);
  });
  return new Date(Math.max(...ends.map((end) => end.getTime())));
}
