import { refuse } from '@kilas/messages/refuse.ts';
import { takeAttempt } from '@kilas/messages/take-attempt.ts';
import { transact } from '@kilas/platform/db/transact.ts';
import type { PhotoContext } from '../context.ts';
import { countEventCreators, findEvent, isCreator, isCreatorOfEvent } from './event-store.ts';
import { countInvitations, findInvitation, insertInvitation } from './invitation-store.ts';
import { tellCreators } from './tell-creators.ts';

/** Creators of one event at most, with those who are invited; two that are invited at once may exceed it by one. */
const creatorCountMax = 100;

/**
 * Asks another creator to put photos into an event; only its owner may, and nothing changes before the creator accepts. Asking twice, or somebody who
 * takes part, changes nothing. Who declined is not asked again.
 */
export async function inviteCreator(
  ctx: PhotoContext,
  input: { eventId: string; ownerId: string; creatorId: string },
): Promise<void> {
  const { eventId, ownerId, creatorId } = input;
  await takeAttempt(ctx.limits.invitationsByOwner, ownerId);
  const event = await findEvent(ctx.db, eventId);
  if (event?.owner_id !== ownerId) refuse('EVENT_NOT_FOUND');
  if (!(await isCreator(ctx.db, creatorId))) refuse('CREATOR_NOT_FOUND');
  if (await isCreatorOfEvent(ctx.db, eventId, creatorId)) return;
  const known = await findInvitation(ctx.db, eventId, creatorId);
  if (known !== undefined) return known.declined_at === null ? undefined : refuse('EVENT_INVITATION_DECLINED');
  const count = (await countEventCreators(ctx.db, eventId)) + (await countInvitations(ctx.db, eventId));
  if (count >= creatorCountMax) refuse('EVENT_CREATORS_TOO_MANY', { max: String(creatorCountMax) });
  // An invitation that is withdrawn and sent again is told again.
  await takeAttempt(ctx.limits.invitationsByPair, `${ownerId} ${creatorId}`);
  await transact(ctx.db, async (tx) => {
    if (!(await insertInvitation(tx, { eventId, creatorId, invitedAt: ctx.clock.now() }))) return;
    await tellCreators(ctx, tx, { eventId, toldId: creatorId, creatorId, change: 'invited' });
  });
}
