import type { Db } from '@kilas/platform/db.ts';
import type { Selectable, Transaction } from 'kysely';
import type { UserSchema } from '../db/schema.ts';
import type { NotificationContent } from './notification.ts';

export type Notification = Selectable<UserSchema['notifications']>;

interface NewNotification {
  readonly id: string;
  readonly accountId: string;
  readonly content: NotificationContent;
  readonly now: Date;
}

/** Of the accounts named, those that exist, held in id order until the transaction ends. */
export async function lockExistingAccounts(
  tx: Transaction<UserSchema>,
  accountIds: readonly string[],
): Promise<string[]> {
  if (accountIds.length === 0) return [];
  const rows = await tx
    .selectFrom('accounts')
    .select('id')
    .where('id', 'in', accountIds)
    .orderBy('id')
    .forNoKeyUpdate()
    .execute();
  return rows.map(({ id }) => id);
}

export async function insertNotification(tx: Transaction<UserSchema>, notification: NewNotification): Promise<void> {
  const { id, accountId, content, now } = notification;
  await tx
    .insertInto('notifications')
    .values({ id, account_id: accountId, kind: content.kind, data: JSON.stringify(content.data), created_at: now })
    .execute();
}

export async function findUnreadDigest(
  tx: Transaction<UserSchema>,
  accountId: string,
): Promise<Notification | undefined> {
  return tx
    .selectFrom('notifications')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('kind', '=', 'matches_found')
    .where('read_at', 'is', null)
    .forUpdate()
    .executeTakeFirst();
}

export async function deleteNotification(tx: Transaction<UserSchema>, notificationId: string): Promise<void> {
  await tx.deleteFrom('notifications').where('id', '=', notificationId).execute();
}

/** The newest first, older than `before` if it is given. */
export async function listNotificationsByAccount(
  db: Db<UserSchema>,
  accountId: string,
  page: { before: string | undefined; limit: number },
): Promise<Notification[]> {
  const query = db.selectFrom('notifications').selectAll().where('account_id', '=', accountId);
  const older = page.before === undefined ? query : query.where('id', '<', page.before);
  return older.orderBy('id', 'desc').limit(page.limit).execute();
}

export async function countUnread(db: Db<UserSchema>, accountId: string): Promise<number> {
  const row = await db
    .selectFrom('notifications')
    .select((eb) => eb.cast<number>(eb.fn.countAll(), 'integer').as('count'))
    .where('account_id', '=', accountId)
    .where('read_at', 'is', null)
    .executeTakeFirstOrThrow();
  return row.count;
}

/** Ids of others and of what is no longer there are passed over. */
export async function markNotificationsRead(
  db: Db<UserSchema>,
  accountId: string,
  which: { notificationIds: readonly string[] } | { upTo: string },
  now: Date,
): Promise<void> {
  const unread = db
    .updateTable('notifications')
    .set({ read_at: now })
    .where('account_id', '=', accountId)
    .where('read_at', 'is', null);
  const chosen =
    'upTo' in which ? unread.where('id', '<=', which.upTo) : unread.where('id', 'in', which.notificationIds);
  await chosen.execute();
}

/** Answers how many. */
export async function deleteMatchNotifications(tx: Transaction<UserSchema>, accountId: string): Promise<number> {
  const { numDeletedRows } = await tx
    .deleteFrom('notifications')
    .where('account_id', '=', accountId)
    .where('kind', '=', 'matches_found')
    .executeTakeFirst();
  return Number(numDeletedRows);
}

export async function deleteNotificationsBefore(db: Db<UserSchema>, time: Date): Promise<void> {
  await db.deleteFrom('notifications').where('created_at', '<', time).execute();
}
