import { type FaceEnrolledTwice, FaceEnrolledTwiceSchema } from '@kilas/contracts/gen/kilas/upload/v1/events_pb.js';
import { type Effects, type Subscription, subscribe } from '@kilas/platform/events/events.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import type { Transaction } from 'kysely';
import { lockConsentingMembers } from '../consents/lock-consenting-members.ts';
import type { UserContext } from '../context.ts';
import type { UserSchema } from '../db/schema.ts';
import { insertNotification } from '../notifications/notification-store.ts';
import { tellNotified } from '../notifications/tell-notified.ts';
import { insertAlikePair } from './alike-store.ts';

export function onFaceEnrolledTwice(ctx: UserContext): Subscription<UserSchema> {
  return subscribe(
    'upload',
    FaceEnrolledTwiceSchema,
    (tx, event) => notifyAlike(ctx, tx, event),
    ({ memberId, otherMemberIds }) => tellNotified(ctx, [memberId, ...otherMemberIds]),
  );
}

/**
 * Tells two members once that their accounts are enrolled with faces so alike: the one who enrolled, and the one whose face it may be. Neither
 * learns who the other is, and nothing is blocked, because twins exist. Tells nobody if one of the two withdrew their consent meanwhile.
 */
async function notifyAlike(
  ctx: UserContext,
  tx: Transaction<UserSchema>,
  { memberId, otherMemberIds }: FaceEnrolledTwice,
): Promise<Effects> {
  const now = ctx.clock.now();
  const consenting = new Set(await lockConsentingMembers(tx, [...new Set([memberId, ...otherMemberIds])]));
  if (!consenting.has(memberId)) return { notifications: 0 };
  const told: string[] = [];
  for (const otherId of new Set(otherMemberIds)) {
    if (otherId === memberId || !consenting.has(otherId)) continue;
    if (await insertAlikePair(tx, [memberId, otherId], now)) told.push(otherId);
  }
  // Whoever enrolled hears of it once, however many are like them.
  for (const accountId of told.length === 0 ? [] : [memberId, ...told]) {
    const content = { kind: 'face_enrolled_twice', data: { isOwnEnrolment: accountId === memberId } } as const;
    await insertNotification(tx, { id: newId(), accountId, content, now });
  }
  return { notifications: told.length === 0 ? 0 : told.length + 1 };
}
