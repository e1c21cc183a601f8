import type { EventCreatorChanged } from '@kilas/contracts/gen/kilas/photo/v1/events_pb.js';
import type { Effects } from '@kilas/platform/events/events.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import type { Transaction } from 'kysely';
import { lockExistingAccounts } from '../accounts/account-store.ts';
import type { UserContext } from '../context.ts';
import type { UserSchema } from '../db/schema.ts';
import { eventCreatorChange } from './notification.ts';
import { insertNotification } from './notification-store.ts';

/** Tells a creator, or the owner of an event, what the other one did. */
export async function notifyEventCreator(
  ctx: UserContext,
  tx: Transaction<UserSchema>,
  { eventId, creatorId, toldId, change }: EventCreatorChanged,
): Promise<Effects> {
  const [accountId] = await lockExistingAccounts(tx, [toldId]);
  const known = eventCreatorChange.safeParse(change);
  // A later version may tell more.
  if (accountId === undefined || !known.success) return { notifications: 0 };
  const content = { kind: 'event_creator', data: { eventId, creatorId, change: known.data } } as const;
  await insertNotification(tx, { id: newId(), accountId, content, now: ctx.clock.now() });
  return { notifications: 1 };
}
