import { refuse } from '@kilas/messages/refuse.ts';
import { takeAttempt } from '@kilas/messages/take-attempt.ts';
import { shownNumber } from '@kilas/platform/db/stored-time.ts';
import type { TransactionContext } from '../context.ts';
import { findWaits } from '../reservations/find-waits.ts';
import { refuseObstacles } from '../reservations/photo-refusal.ts';
import { findObstacles } from '../reservations/reserve-photos.ts';
import { totalOf } from './order.ts';
import { type Buyer, type QuotedPhoto, quotePhotos } from './quote-photos.ts';

/** A basket with its prices. */
export interface Preview {
  readonly lines: readonly QuotedPhoto[];
  readonly totalIdr: bigint;
}

/** What an order of these photos would cost now, or why it cannot be made; changes nothing. */
export async function previewOrder(
  ctx: TransactionContext,
  input: Buyer & { photoIds: readonly string[]; share?: string | undefined },
): Promise<Preview> {
  const { buyerId, photoIds, share } = input;
  await takeAttempt(ctx.limits.previewsByBuyer, buyerId);
  refuseRepeatedPhotos(photoIds);
  const [quote, obstacles] = await Promise.all([
    quotePhotos(ctx, input, photoIds, share),
    findObstacles(ctx.db, buyerId, photoIds),
  ]);
  const waits = await findWaits(ctx, ctx.db, buyerId, quote.lines);
  refuseObstacles(obstacles, [...quote.refusals, ...waits]);
  return previewOf(quote.lines);
}

export function previewOf(lines: readonly QuotedPhoto[]): Preview {
  return { lines, totalIdr: totalOf(lines) };
}

export function refuseRepeatedPhotos(photoIds: readonly string[]): void {
  if (new Set(photoIds).size < photoIds.length) refuse('ORDER_PHOTO_REPEATED');
}

/** As clients see it, also inside a problem document. */
export function toPreviewJson({ lines, totalIdr }: Preview) {
  return {
    lines: lines.map((line) => ({ ...line, priceIdr: shownNumber(line.priceIdr) })),
    totalIdr: shownNumber(totalIdr),
  };
}
