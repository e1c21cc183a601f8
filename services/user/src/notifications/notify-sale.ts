import type { PhotosSold } from '@kilas/contracts/gen/kilas/transaction/v1/events_pb.js';
import type { Effects } from '@kilas/platform/events/events.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import type { Transaction } from 'kysely';
import { lockExistingAccounts } from '../accounts/account-store.ts';
import type { UserContext } from '../context.ts';
import type { UserSchema } from '../db/schema.ts';
import { type NotificationContent, summarise } from './notification.ts';
import { insertNotification } from './notification-store.ts';

/** Tells the buyer that the order is theirs, and each creator which of their photos it holds. */
export async function notifySale(ctx: UserContext, tx: Transaction<UserSchema>, event: PhotosSold): Promise<Effects> {
  const { orderId, buyerId } = event;
  const byCreator = Map.groupBy(event.photos, ({ creatorId }) => creatorId);
  const existing = new Set(await lockExistingAccounts(tx, [...new Set([buyerId, ...byCreator.keys()])]));
  const tell = async (accountId: string, content: NotificationContent): Promise<number> => {
    if (!existing.has(accountId)) return 0;
    await insertNotification(tx, { id: newId(), accountId, content, now: ctx.clock.now() });
    return 1;
  };
  const bought = summarise(event.photos.map(({ photoId }) => photoId));
  let notifications = await tell(buyerId, { kind: 'photos_bought', data: { orderId, ...bought } });
  for (const [creatorId, photos] of byCreator) {
    const sold = summarise(photos.map(({ photoId }) => photoId));
    notifications += await tell(creatorId, { kind: 'photos_sold', data: { orderId, ...sold } });
  }
  return { notifications };
}
