import type { Identity } from '@kilas/identity/identity.ts';
import { coversConfirmedFaces } from '@kilas/messages/consent.ts';
import type { Db } from '@kilas/platform/db/database.ts';
import type { UserSchema } from '../db/schema.ts';

/** What a living session entitles to; undefined when it has ended. */
export async function findIdentity(
  db: Db<UserSchema>,
  session: { accountId: string; sessionId: string; now: Date; defaultTimeZone: string },
): Promise<Identity | undefined> {
  const row = await db
    .selectFrom('sessions')
    .innerJoin('accounts', 'accounts.id', 'sessions.account_id')
    .leftJoin('creators', 'creators.account_id', 'accounts.id')
    .leftJoinLateral(
      // The one that `findConsentInForce` shows.
      (eb) =>
        eb
          .selectFrom('consents')
          .select(['consents.epoch', 'consents.version'])
          .whereRef('consents.account_id', '=', 'accounts.id')
          .where('consents.withdrawn_at', 'is', null)
          .orderBy('consents.epoch', 'desc')
          .orderBy('consents.id', 'desc')
          .limit(1)
          .as('consent'),
      (join) => join.onTrue(),
    )
    .select(['accounts.match_level', 'accounts.time_zone', 'creators.joined_at', 'consent.epoch', 'consent.version'])
    .where('sessions.id', '=', session.sessionId)
    .where('sessions.account_id', '=', session.accountId)
    .where('sessions.ended_at', 'is', null)
    .where('sessions.expires_at', '>', session.now)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    accountId: session.accountId,
    sessionId: session.sessionId,
    roles: row.joined_at === null ? [] : ['creator'],
    consentEpoch: row.epoch ?? 0,
    consentCoversConfirmedFaces: row.version !== null && coversConfirmedFaces(row.version),
    matchLevel: row.match_level ?? 0,
    timeZone: row.time_zone ?? session.defaultTimeZone,
  };
}
