import type { Db } from '@kilas/platform/db/database.ts';
import { type Insertable, type Selectable, sql, type Transaction } from 'kysely';
import type { UserSchema } from '../db/schema.ts';
import type { SessionEndReason } from './session.ts';

export type Session = Selectable<UserSchema['sessions']>;
export type RefreshToken = Selectable<UserSchema['refresh_tokens']>;

export async function insertSession(
  tx: Transaction<UserSchema>,
  session: Insertable<UserSchema['sessions']>,
): Promise<void> {
  await tx.insertInto('sessions').values(session).execute();
}

export async function lockSession(tx: Transaction<UserSchema>, sessionId: string): Promise<Session | undefined> {
  return tx.selectFrom('sessions').selectAll().where('id', '=', sessionId).forUpdate().executeTakeFirst();
}

/** The living ones, the last used first. */
export async function listSessionsByAccount(
  db: Db<UserSchema>,
  accountId: string,
  options: { now: Date; limit: number },
): Promise<Session[]> {
  return db
    .selectFrom('sessions')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', options.now)
    .orderBy('last_used_at', 'desc')
    .orderBy('id', 'desc')
    .limit(options.limit)
    .execute();
}

export async function findSessionOfAccount(
  db: Db<UserSchema>,
  session: { accountId: string; sessionId: string },
): Promise<Session | undefined> {
  return db
    .selectFrom('sessions')
    .selectAll()
    .where('id', '=', session.sessionId)
    .where('account_id', '=', session.accountId)
    .executeTakeFirst();
}

/** Of the sessions named, those that live. */
export async function listLivingSessionIds(
  db: Db<UserSchema>,
  sessionIds: readonly string[],
  now: Date,
): Promise<string[]> {
  const rows = await db
    .selectFrom('sessions')
    .select('id')
    .where('id', '=', sql<string>`any(${sessionIds}::uuid[])`)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', now)
    .execute();
  return rows.map(({ id }) => id);
}

/** A session that ended before keeps its time and reason. */
export async function markSessionEnded(
  db: Db<UserSchema>,
  sessionId: string,
  end: { now: Date; reason: SessionEndReason },
): Promise<void> {
  await db
    .updateTable('sessions')
    .set({ ended_at: end.now, end_reason: end.reason })
    .where('id', '=', sessionId)
    .where('ended_at', 'is', null)
    .execute();
}

/** Ends all but the `keep` sessions last used, and answers their ids. The caller holds the account. */
export async function markOldestSessionsEnded(
  tx: Transaction<UserSchema>,
  accountId: string,
  options: { keep: number; now: Date },
): Promise<string[]> {
  const ended = await tx
    .updateTable('sessions')
    .set({ ended_at: options.now, end_reason: 'too_many' })
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('sessions')
        .select('id')
        .where('account_id', '=', accountId)
        .where('ended_at', 'is', null)
        .orderBy('last_used_at', 'desc')
        .orderBy('id', 'desc')
        .offset(options.keep),
    )
    .returning('id')
    .execute();
  return ended.map(({ id }) => id);
}

export async function updateSessionUse(
  tx: Transaction<UserSchema>,
  sessionId: string,
  use: { lastUsedAt: Date; expiresAt: Date },
): Promise<void> {
  await tx
    .updateTable('sessions')
    .set({ last_used_at: use.lastUsedAt, expires_at: use.expiresAt })
    .where('id', '=', sessionId)
    .execute();
}

/** With their refresh tokens. */
export async function deleteSessionsEndedBefore(db: Db<UserSchema>, time: Date): Promise<void> {
  await db
    .deleteFrom('sessions')
    .where((eb) => eb.or([eb('ended_at', '<', time), eb('expires_at', '<', time)]))
    .execute();
}

export async function deleteRefreshTokensRotatedBefore(db: Db<UserSchema>, time: Date): Promise<void> {
  await db.deleteFrom('refresh_tokens').where('rotated_at', '<', time).execute();
}

export async function insertRefreshToken(
  tx: Transaction<UserSchema>,
  token: Insertable<UserSchema['refresh_tokens']>,
): Promise<void> {
  await tx.insertInto('refresh_tokens').values(token).execute();
}

export async function findRefreshToken(db: Db<UserSchema>, tokenHash: string): Promise<RefreshToken | undefined> {
  return db.selectFrom('refresh_tokens').selectAll().where('token_hash', '=', tokenHash).executeTakeFirst();
}

export async function markRefreshTokenRotated(
  tx: Transaction<UserSchema>,
  tokenHash: string,
  now: Date,
): Promise<void> {
  await tx.updateTable('refresh_tokens').set({ rotated_at: now }).where('token_hash', '=', tokenHash).execute();
}
