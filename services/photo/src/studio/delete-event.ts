import { refuse } from '@kilas/messages/refuse.ts';
import { takeAttempt } from '@kilas/messages/take-attempt.ts';
import { transact } from '@kilas/platform/db/transact.ts';
import type { PhotoContext } from '../context.ts';
import { deleteLockedEvent, lockOwnedEvent } from '../events/event-store.ts';
import { deleteGallery } from '../photos/gallery-store.ts';
import { hasPhotos } from './own-event-store.ts';

/** Deletes an event without photos; only its owner may. A photo that comes at the same time comes first, or finds no event. */
export async function deleteEvent(ctx: PhotoContext, key: { eventId: string; ownerId: string }): Promise<void> {
  await takeAttempt(ctx.limits.changesByCreator, key.ownerId);
  await transact(ctx.db, async (tx) => {
    if ((await lockOwnedEvent(tx, key)) === undefined) refuse('EVENT_NOT_FOUND');
    if (await hasPhotos(tx, key.eventId)) refuse('EVENT_NOT_EMPTY');
    await deleteGallery(tx, key.eventId);
    await deleteLockedEvent(tx, key.eventId);
  });
}
