import { refuse } from '@kilas/messages/refuse.ts';
import { takeAttempt } from '@kilas/messages/take-attempt.ts';
import { transact } from '@kilas/platform/db/transact.ts';
import type { Transaction } from 'kysely';
import type { PhotoContext } from '../context.ts';
import type { EventRow, PhotoSchema } from '../db/schema.ts';
import { checkTimes, checkTimeZone } from '../events/event-input.ts';
import { type EventChange, lockOwnedEvent, updateLockedEvent } from '../events/event-store.ts';
import { facesUntilOf, tellRetention } from '../events/retention.ts';
import { rereadCaptures } from '../photos/own-photos-store.ts';
import { findPhoto } from '../photos/photo-store.ts';
import { latestCapture } from '../photos/publish-photo.ts';
import { saleRefusal } from '../viewers/buy-refusal.ts';
import { countPhotosOfEvent } from './own-event-store.ts';

/** Photos whose times are read anew in one request: a second or two of work, during which none of them is published. */
const rereadMax = 10_000;

/**
 * Changes an event, all of it or nothing; only its owner may. Whoever changes its zone or its end changes when its photos were taken: these are
 * read again as a move does (ADR 0033), in the same transaction. To refuse that would be less code, but a wrong zone is noticed by its photos.
 * An event with more photos than one transaction should lock is refused with EVENT_TIMES_FIXED. Faces are kept as the event says from now on;
 * those that ended before stay erased.
 */
export async function changeEvent(
  ctx: PhotoContext,
  key: { eventId: string; ownerId: string },
  change: EventChange,
): Promise<void> {
  if (Object.keys(change).length === 0) refuse('REQUEST_INVALID');
  await takeAttempt(ctx.limits.changesByCreator, key.ownerId);
  const namesTimes = change.time_zone !== undefined || change.ends_at !== undefined;
  if (namesTimes) await takeAttempt(ctx.limits.rereadsByOwner, key.ownerId);
  if (change.time_zone !== undefined) await checkTimeZone(ctx, change.time_zone);
  await transact(ctx.db, async (tx) => {
    const before = (await lockOwnedEvent(tx, key)) ?? refuse('EVENT_NOT_FOUND');
    const after = { ...before, ...change };
    if (hasOtherTimes(before, after)) checkTimes(ctx, after);
    if (change.cover_photo_id) await checkCover(tx, key.eventId, change.cover_photo_id);
    await updateLockedEvent(tx, key.eventId, change);
    if (facesUntilOf(before).getTime() !== facesUntilOf(after).getTime()) await tellRetention(ctx, tx, after);
    const isReadOtherwise = before.time_zone !== after.time_zone || isOther(before.ends_at, after.ends_at);
    if (isReadOtherwise) await readTimesAgain(ctx, tx, key.eventId);
  });
}

function hasOtherTimes(before: EventRow, after: EventRow): boolean {
  return (
    isOther(before.starts_at, after.starts_at) ||
    isOther(before.ends_at, after.ends_at) ||
    before.retention_days !== after.retention_days
  );
}

function isOther(one: Date, other: Date): boolean {
  return one.getTime() !== other.getTime();
}

/** A cover is a photo of the event that everybody who may see the event's photos may see. */
async function checkCover(tx: Transaction<PhotoSchema>, eventId: string, photoId: string): Promise<void> {
  const photo = await findPhoto(tx, photoId);
  if (photo?.event_id !== eventId) refuse('PHOTO_NOT_FOUND');
  const reason = saleRefusal({ ...photo, is_sold_out: false });
  if (reason !== undefined) refuse(reason);
}

async function readTimesAgain(ctx: PhotoContext, tx: Transaction<PhotoSchema>, eventId: string): Promise<void> {
  const count = await countPhotosOfEvent(tx, eventId);
  if (count > rereadMax) refuse('EVENT_TIMES_FIXED', { max: String(rereadMax) });
  await rereadCaptures(tx, eventId, latestCapture(ctx));
}
