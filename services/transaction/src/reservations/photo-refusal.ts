import type { Reason } from '@kilas/messages/problems.ts';
import { refuse } from '@kilas/messages/refuse.ts';

/** Why one photo of a basket cannot be bought now. */
export interface PhotoRefusal {
  readonly photoId: string;
  readonly reason: Reason;
  /** The buyer's own open order that has it. */
  readonly orderId?: string;
  /** When it may be tried again. */
  readonly retryAfterSeconds?: number;
}

/**
 * Refuses a basket that meets any obstacle, for the first one; the problem document lists them all under `refusals`. What
 * was sold or reserved here is said before what photo says of the same photo, since photo hears of a sale a moment later.
 */
export function refuseObstacles(own: readonly PhotoRefusal[], quoted: readonly PhotoRefusal[] = []): void {
  const explained = new Set(own.map(({ photoId }) => photoId));
  const refusals = [...own, ...quoted.filter(({ photoId }) => !explained.has(photoId))];
  const [first] = refusals;
  if (first === undefined) return;
  const { reason, orderId, retryAfterSeconds } = first;
  refuse(reason, {
    extension: JSON.stringify({ ...(orderId === undefined ? {} : { orderId }), refusals }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds: String(retryAfterSeconds) }),
  });
}
