import type { Db } from '@kilas/platform/db.ts';
import { findConsentInForce } from '../consents/consent-store.ts';
import type { UserSchema } from '../db/schema.ts';
import type { Profile } from './profile.ts';

export async function getProfile(db: Db<UserSchema>, accountId: string): Promise<Profile> {
  const account = await db
    .selectFrom('accounts')
    .leftJoin('creators', 'creators.account_id', 'accounts.id')
    .selectAll('accounts')
    .select(['creators.display_name', 'creators.joined_at'])
    .where('accounts.id', '=', accountId)
    .executeTakeFirstOrThrow();
  const consent = await findConsentInForce(db, accountId);
  const creator =
    account.display_name === null || account.joined_at === null
      ? null
      : { displayName: account.display_name, joinedAt: account.joined_at.toISOString() };
  return {
    accountId: account.id,
    username: account.username,
    email: account.email,
    // An account exists only once its address is verified.
    emailVerified: true,
    roles: creator === null ? [] : ['creator'],
    creator,
    matchLevel: account.match_level,
    locale: account.locale,
    consent: {
      isGiven: consent !== undefined,
      epoch: consent?.epoch ?? 0,
      version: consent?.version ?? null,
      givenAt: consent?.given_at.toISOString() ?? null,
    },
    createdAt: account.created_at.toISOString(),
  };
}
