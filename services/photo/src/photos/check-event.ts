import { refuse } from '@kilas/messages/refuse.ts';
import type { PhotoContext } from '../context.ts';
import { isCreatorOfEvent } from '../events/event-store.ts';

/** Refuses with EVENT_NOT_FOUND when a creator may not put photos into an event. */
export async function checkEvent(
  ctx: PhotoContext,
  { eventId, creatorId }: { eventId: string; creatorId: string },
): Promise<void> {
  if (!(await isCreatorOfEvent(ctx.db, eventId, creatorId))) refuse('EVENT_NOT_FOUND');
}
