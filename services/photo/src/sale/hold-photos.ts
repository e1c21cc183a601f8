import { addSeconds } from '@kilas/platform/process/clock.ts';
import type { PhotoContext } from '../context.ts';
import { insertHeld } from './sale-store.ts';

/** Longer than an order takes to be made, and longer than events wait before an operator hears of it. */
const heldSeconds = 86_400;

/**
 * Keeps photos from being deleted for an order that is about to be made, until transaction tells what became of it. Answers which of them are not
 * there: such an order must not be made. A photo is either held or deleted, whichever comes first. Idempotent.
 */
export async function holdPhotos(
  ctx: PhotoContext,
  { orderId, photoIds }: { orderId: string; photoIds: readonly string[] },
): Promise<readonly string[]> {
  const heldUntil = addSeconds(ctx.clock.now(), heldSeconds);
  const held = await insertHeld(ctx.db, { orderId, photoIds, heldUntil });
  return photoIds.filter((photoId) => !held.has(photoId));
}
