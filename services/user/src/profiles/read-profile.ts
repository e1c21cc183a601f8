import { findConsentInForce } from '../consents/consent-store.ts';
import type { UserContext } from '../context.ts';
import type { Profile } from './profile.ts';
import { getAccountWithCreator } from './profile-store.ts';

/** The account as its owner sees it, without its secrets. */
export async function readProfile(ctx: UserContext, accountId: string): Promise<Profile> {
  const account = await getAccountWithCreator(ctx.db, accountId);
  const consent = await findConsentInForce(ctx.db, accountId);
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
    timeZone: account.time_zone ?? ctx.config.DEFAULT_TIME_ZONE,
    consent: {
      isGiven: consent !== undefined,
      epoch: consent?.epoch ?? 0,
      version: consent?.version ?? null,
      givenAt: consent?.given_at.toISOString() ?? null,
    },
    createdAt: account.created_at.toISOString(),
  };
}
