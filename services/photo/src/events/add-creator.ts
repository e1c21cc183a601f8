import { refuse } from '@kilas/messages/refuse.ts';
import type { PhotoContext } from '../context.ts';
import { countEventCreators, findEvent, insertEventCreator, isCreator, isCreatorOfEvent } from './event-store.ts';

/** Creators of one event at most; two that are added at once may exceed it by one. */
const creatorCountMax = 100;

/** Lets another creator put photos into an event; only its owner may. Adding twice changes nothing. */
export async function addCreator(
  ctx: PhotoContext,
  input: { eventId: string; ownerId: string; creatorId: string },
): Promise<void> {
  const event = await findEvent(ctx.db, input.eventId);
  if (event?.owner_id !== input.ownerId) refuse('EVENT_NOT_FOUND');
  if (!(await isCreator(ctx.db, input.creatorId))) refuse('CREATOR_NOT_FOUND');
  if (await isCreatorOfEvent(ctx.db, input.eventId, input.creatorId)) return;
  if ((await countEventCreators(ctx.db, input.eventId)) >= creatorCountMax)
    refuse('EVENT_CREATORS_TOO_MANY', { max: String(creatorCountMax) });
  await insertEventCreator(ctx.db, input.eventId, input.creatorId);
}
