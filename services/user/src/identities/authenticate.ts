import type { Identity } from '@kilas/identity/identity.ts';
import { refuse } from '@kilas/messages/refuse.ts';
import type { UserContext } from '../context.ts';
import { findIdentity } from './identity-store.ts';

/** Tells whose access token this is while its session lives; roles and consent are those of this moment. */
export async function authenticate(ctx: UserContext, accessToken: string): Promise<Identity> {
  const subject = await ctx.tokens.readAccess(accessToken);
  const identity = await findIdentity(ctx.db, {
    ...subject,
    now: ctx.clock.now(),
    defaultTimeZone: ctx.config.DEFAULT_TIME_ZONE,
  });
  return identity ?? refuse('SESSION_ENDED');
}
