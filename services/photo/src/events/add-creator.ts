import { refuse } from '@kilas/messages/refuse.ts';
import type { PhotoContext } from '../context.ts';
import { findEventFor, insertEventCreator, isCreator } from './event-store.ts';

/** Lets another creator put photos into an event; only its owner may. Adding twice changes nothing. */
export async function addCreator(
  ctx: PhotoContext,
  input: { eventId: string; ownerId: string; creatorId: string },
): Promise<void> {
  const event = await findEventFor(ctx.db, input.eventId, { memberId: input.ownerId, shareToken: null });
  if (event?.owner_id !== input.ownerId) refuse('EVENT_NOT_FOUND');
  if (!(await isCreator(ctx.db, input.creatorId))) refuse('CREATOR_NOT_FOUND');
  await insertEventCreator(ctx.db, input.eventId, input.creatorId);
}
