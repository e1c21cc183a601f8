import { refuse } from '@kilas/messages/refuse.ts';
import { transact } from '@kilas/platform/db/transact.ts';
import type { PhotoContext } from '../context.ts';
import { getEvent, insertEventCreator, isCreatorOfEvent } from './event-store.ts';
import { deleteInvitation, markInvitationDeclined } from './invitation-store.ts';
import { tellCreators } from './tell-creators.ts';

interface Invited {
  readonly eventId: string;
  readonly creatorId: string;
}

/** The creator takes part from now on, also where they had declined; accepting twice is no error. */
export async function acceptInvitation(ctx: PhotoContext, { eventId, creatorId }: Invited): Promise<void> {
  await transact(ctx.db, async (tx) => {
    // The row is the right to take part: whoever withdraws it at the same time has it first, or finds the creator in the event.
    if (await deleteInvitation(tx, eventId, creatorId)) {
      await insertEventCreator(tx, eventId, creatorId);
      const { owner_id } = await getEvent(tx, eventId);
      await tellCreators(ctx, tx, { eventId, toldId: owner_id, creatorId, change: 'accepted' });
    } else if (!(await isCreatorOfEvent(tx, eventId, creatorId))) refuse('EVENT_INVITATION_NOT_FOUND');
  });
}

/** The creator is not asked again for this event; declining twice is no error. */
export async function declineInvitation(ctx: PhotoContext, { eventId, creatorId }: Invited): Promise<void> {
  await transact(ctx.db, async (tx) => {
    const outcome = await markInvitationDeclined(tx, { eventId, creatorId, at: ctx.clock.now() });
    if (outcome === 'none') refuse('EVENT_INVITATION_NOT_FOUND');
    if (outcome === 'before') return;
    const { owner_id } = await getEvent(tx, eventId);
    await tellCreators(ctx, tx, { eventId, toldId: owner_id, creatorId, change: 'declined' });
  });
}
