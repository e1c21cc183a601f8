import type { FacecamsOutdated } from '@kilas/contracts/gen/kilas/upload/v1/events_pb.js';
import type { Effects } from '@kilas/platform/events/events.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import type { Transaction } from 'kysely';
import { lockConsentingMembers } from '../consents/lock-consenting-members.ts';
import type { UserContext } from '../context.ts';
import type { UserSchema } from '../db/schema.ts';
import { insertNotification } from './notification-store.ts';

/** Asks a member for a new selfie. Without a consent in force nobody is asked. */
export async function notifyOutdated(
  ctx: UserContext,
  tx: Transaction<UserSchema>,
  { memberId, until }: FacecamsOutdated,
): Promise<Effects> {
  const [accountId] = await lockConsentingMembers(tx, [memberId]);
  if (accountId === undefined) return { notifications: 0 };
  const content = { kind: 'facecams_outdated', data: { until } } as const;
  await insertNotification(tx, { id: newId(), accountId, content, now: ctx.clock.now() });
  return { notifications: 1 };
}
