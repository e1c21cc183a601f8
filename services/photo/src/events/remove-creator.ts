import { refuse } from '@kilas/messages/refuse.ts';
import { transact } from '@kilas/platform/db/transact.ts';
import type { PhotoContext } from '../context.ts';
import { declineInvitation } from './answer-invitation.ts';
import { deleteEventCreator, findEvent } from './event-store.ts';
import { deleteInvitation } from './invitation-store.ts';
import { tellCreators } from './tell-creators.ts';

/**
 * A creator leaves an event, or declines to come into it; or its owner takes them out, or their invitation back. Their photos stay
 * theirs and in the event, so that nobody loses what they found or bought, and faces end when the event said; they put no more into it, and may
 * move out what they have there.
 */
export async function removeCreator(
  ctx: PhotoContext,
  { eventId, callerId, creatorId }: { eventId: string; callerId: string; creatorId: string },
): Promise<void> {
  const event = await findEvent(ctx.db, eventId);
  const isOwner = event?.owner_id === callerId;
  if (!isOwner && callerId !== creatorId) refuse('EVENT_NOT_FOUND');
  if (event === undefined) refuse('EVENT_INVITATION_NOT_FOUND');
  if (creatorId === event.owner_id) refuse('EVENT_OWNER_STAYS');
  const hasLeft = await transact(ctx.db, async (tx) => {
    // First, so that an acceptance at the same time is over before the creator is looked for in the event.
    if (isOwner) await deleteInvitation(tx, eventId, creatorId, { isOpen: true });
    if (!(await deleteEventCreator(tx, eventId, creatorId))) return false;
    const told = isOwner
      ? { toldId: creatorId, change: 'removed' as const }
      : { toldId: event.owner_id, change: 'left' as const };
    await tellCreators(ctx, tx, { eventId, creatorId, ...told });
    return true;
  });
  if (!hasLeft && !isOwner) await declineInvitation(ctx, { eventId, creatorId });
}
