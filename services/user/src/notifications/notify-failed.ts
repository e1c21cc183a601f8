import type { PhotoFailed } from '@kilas/contracts/gen/kilas/photo/v1/events_pb.js';
import type { FacecamFailed } from '@kilas/contracts/gen/kilas/upload/v1/events_pb.js';
import type { Effects } from '@kilas/platform/events/events.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import type { Transaction } from 'kysely';
import { lockExistingAccounts } from '../accounts/account-store.ts';
import { lockConsentingMembers } from '../consents/lock-consenting-members.ts';
import type { UserContext } from '../context.ts';
import type { UserSchema } from '../db/schema.ts';
import { type FailedPhotosData, mergeFailure, type NotificationContent, notificationContent } from './notification.ts';
import { deleteNotification, findUnreadDigest, insertNotification } from './notification-store.ts';

/**
 * Tells a creator of a photo that failed after its upload was answered: one notification until it is read, however many fail, and
 * another for those that are on sale and in which nobody is found.
 */
export async function notifyPhotoFailed(
  ctx: UserContext,
  tx: Transaction<UserSchema>,
  { creatorId, photoId, part, reason }: PhotoFailed,
): Promise<Effects> {
  const [accountId] = await lockExistingAccounts(tx, [creatorId]);
  if (accountId === undefined) return { notifications: 0 };
  const kind = part === 'recognition' ? 'recognition_failed' : 'photos_failed';
  const unread = await findUnreadDigest(tx, accountId, kind);
  const known = notificationContent.safeParse(unread);
  const before: FailedPhotosData | undefined = known.success && known.data.kind === kind ? known.data.data : undefined;
  if (unread !== undefined) await deleteNotification(tx, unread.id);
  const content: NotificationContent = { kind, data: mergeFailure(before, { photoId, reason }) };
  await insertNotification(tx, { id: newId(), accountId, content, now: ctx.clock.now() });
  return { notifications: 1 };
}

/** Tells a member that a selfie, which was taken at first, could not be enrolled. Without a consent in force nobody is told. */
export async function notifyFacecamFailed(
  ctx: UserContext,
  tx: Transaction<UserSchema>,
  { memberId, facecamId, reason }: FacecamFailed,
): Promise<Effects> {
  const [accountId] = await lockConsentingMembers(tx, [memberId]);
  if (accountId === undefined) return { notifications: 0 };
  const content = { kind: 'facecam_failed', data: { facecamId, reason } } as const;
  await insertNotification(tx, { id: newId(), accountId, content, now: ctx.clock.now() });
  return { notifications: 1 };
}
