import type { MatchesFound } from '@kilas/contracts/gen/kilas/photo/v1/events_pb.js';
import type { Effects } from '@kilas/platform/events/events.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import type { Transaction } from 'kysely';
import { lockConsentingMembers } from '../consents/lock-consenting-members.ts';
import type { UserContext } from '../context.ts';
import type { UserSchema } from '../db/schema.ts';
import { mergeMatches, notificationContent } from './notification.ts';
import { deleteNotification, findUnreadDigest, insertNotification } from './notification-store.ts';

/**
 * Tells a member of new photos: one notification until it is read, however many photos come. A digest that grows gets a new id, so a client that
 * marks the shown digest as read does not mark later additions. Tells nobody without a consent in force.
 */
export async function notifyMatches(
  ctx: UserContext,
  tx: Transaction<UserSchema>,
  event: MatchesFound,
): Promise<Effects> {
  // What was found may have been told before photo had heard of a withdrawal.
  const [accountId] = await lockConsentingMembers(tx, [event.memberId]);
  if (accountId === undefined || event.photoIds.length === 0) return { notifications: 0 };
  const unread = await findUnreadDigest(tx, accountId, 'matches_found');
  const content = unread === undefined ? undefined : notificationContent.parse(unread);
  const data = mergeMatches(content?.kind === 'matches_found' ? content.data : undefined, event.photoIds);
  if (unread !== undefined) await deleteNotification(tx, unread.id);
  await insertNotification(tx, {
    id: newId(),
    accountId,
    content: { kind: 'matches_found', data },
    now: ctx.clock.now(),
  });
  return { notifications: 1 };
}
