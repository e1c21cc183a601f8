import { refuse } from '@kilas/messages/refuse.ts';
import type { Db } from '@kilas/platform/db/database.ts';
import { addSeconds } from '@kilas/platform/process/clock.ts';
import type { TransactionContext } from '../context.ts';
import type { TransactionSchema } from '../db/schema.ts';
import type { Sale } from '../licences/licence.ts';
import type { PhotoRefusal } from './photo-refusal.ts';
import { holdableFrom, holdsCountForSeconds, unpaidPhotosMax, unpaidPhotosWindowSeconds } from './unpaid-hold.ts';
import { countPhotosHeld, listUnpaidHolds } from './unpaid-hold-store.ts';

/** Photos that a buyer held too long without paying, and from when they may hold them again. */
export async function listWaits(
  ctx: Pick<TransactionContext, 'clock' | 'config'>,
  db: Db<TransactionSchema>,
  buyerId: string,
  photoIds: readonly string[],
): Promise<{ photoId: string; until: Date }[]> {
  const now = ctx.clock.now();
  const holds = await listUnpaidHolds(db, buyerId, photoIds, addSeconds(now, -holdsCountForSeconds));
  return [...Map.groupBy(holds, ({ photoId }) => photoId)]
    .map(([photoId, those]) => ({ photoId, until: holdableFrom(those, ctx.config.ORDER_LIFETIME_SECONDS) }))
    .filter(({ until }) => until > now);
}

/** Why a buyer may not hold exclusive photos of a basket now; one that costs nothing holds none. */
export async function findWaits(
  ctx: Pick<TransactionContext, 'clock' | 'config'>,
  db: Db<TransactionSchema>,
  buyerId: string,
  lines: readonly { photoId: string; sale: Sale; priceIdr: bigint }[],
): Promise<PhotoRefusal[]> {
  if (lines.every(({ priceIdr }) => priceIdr === 0n)) return [];
  const exclusive = lines.filter(({ sale }) => sale === 'exclusive').map(({ photoId }) => photoId);
  const waits = await listWaits(ctx, db, buyerId, exclusive);
  return waits.map(({ photoId, until }) => ({
    photoId,
    reason: 'PHOTO_HELD_UNPAID',
    retryAfterSeconds: secondsUntil(ctx, until),
  }));
}

/** Refuses an order, whose photos are reserved already, of a buyer who holds too many exclusive photos or held them for nothing. */
export async function refuseTooManyHolds(
  ctx: Pick<TransactionContext, 'clock' | 'config'>,
  db: Db<TransactionSchema>,
  buyerId: string,
): Promise<void> {
  const max = Math.max(unpaidPhotosMax, ctx.config.ORDER_PHOTOS_MAX);
  const since = addSeconds(ctx.clock.now(), -unpaidPhotosWindowSeconds);
  const { photoCount, firstEndedAt } = await countPhotosHeld(db, buyerId, since);
  if (photoCount <= max) return;
  const retryAfterSeconds =
    firstEndedAt === null
      ? ctx.config.ORDER_LIFETIME_SECONDS
      : secondsUntil(ctx, addSeconds(firstEndedAt, unpaidPhotosWindowSeconds));
  refuse('PHOTOS_HELD_TOO_MANY', { max: String(max), retryAfterSeconds: String(retryAfterSeconds) });
}

function secondsUntil({ clock }: Pick<TransactionContext, 'clock'>, time: Date): number {
  return Math.max(1, Math.ceil((time.getTime() - clock.now().getTime()) / 1000));
}
