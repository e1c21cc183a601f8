import type { Db } from '@kilas/platform/db/database.ts';
import { type Selectable, sql, type Transaction } from 'kysely';
import type { UserSchema } from '../db/schema.ts';
import type { NotificationContent } from './notification.ts';

export type Notification = Selectable<UserSchema['notifications']>;

interface NewNotification {
  readonly id: string;
  readonly accountId: string;
  readonly content: NotificationContent;
  readonly now: Date;
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
  kind: 'matches_found' | 'photos_failed' | 'recognition_failed',
): Promise<Notification | undefined> {
  return tx
    .selectFrom('notifications')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('kind', '=', kind)
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

/** The oldest first, of those that became visible after `position`. */
export async function listNotificationsAfter(
  db: Db<UserSchema>,
  accountId: string,
  page: { position: bigint; limit: number },
): Promise<Notification[]> {
  return db
    .selectFrom('notifications')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('position', '>', page.position)
    .orderBy('position')
    .limit(page.limit)
    .execute();
}

/** The newest position of each account that has a notification. */
export async function listNewestPositions(
  db: Db<UserSchema>,
  accountIds: readonly string[],
): Promise<{ accountId: string; position: bigint }[]> {
  return db
    .selectFrom('notifications')
    .select((eb) => ['account_id as accountId', eb.fn.max('position').as('position')])
    .where('account_id', '=', sql<string>`any(${accountIds}::uuid[])`)
    .groupBy('account_id')
    .execute();
}

/**
 * Where to go on after a notification: right behind it or, when it is no longer there, behind the last one of those with
 * ids before `idBefore`; without either, behind all.
 */
export async function findPosition(
  db: Db<UserSchema>,
  accountId: string,
  after: { notificationId: string; idBefore: string } | undefined,
): Promise<bigint> {
  const own = db.selectFrom('notifications').where('account_id', '=', accountId);
  const known = after && (await own.where('id', '=', after.notificationId).select('position').executeTakeFirst());
  if (known !== undefined) return known.position;
  const older = after === undefined ? own : own.where('id', '<', after.idBefore);
  const last = await older.select((eb) => eb.fn.max('position').as('position')).executeTakeFirst();
  return last?.position ?? 0n;
}

/** Counts no further than `max`. */
export async function countUnread(db: Db<UserSchema>, accountId: string, max: number): Promise<number> {
  const row = await db
    .selectFrom((eb) =>
      eb
        .selectFrom('notifications')
        .select('account_id')
        .where('account_id', '=', accountId)
        .where('read_at', 'is', null)
        .limit(max)
        .as('unread'),
    )
    .select((eb) => eb.cast<number>(eb.fn.countAll(), 'integer').as('count'))
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

/** Those that say something of the member's face; answers how many. */
export async function deleteFaceNotifications(tx: Transaction<UserSchema>, accountId: string): Promise<number> {
  const { numDeletedRows } = await tx
    .deleteFrom('notifications')
    .where('account_id', '=', accountId)
    .where('kind', 'in', ['matches_found', 'face_enrolled_twice', 'facecam_failed'])
    .executeTakeFirst();
  return Number(numDeletedRows);
}

export async function deleteNotificationsBefore(db: Db<UserSchema>, time: Date): Promise<void> {
  await db.deleteFrom('notifications').where('created_at', '<', time).execute();
}
