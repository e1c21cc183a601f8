import { refuse } from '@kilas/messages/refuse.ts';
import { transact } from '@kilas/platform/db/transact.ts';
import { addSeconds } from '@kilas/platform/process/clock.ts';
import { hashOf } from '@kilas/platform/process/ids.ts';
import type { Transaction } from 'kysely';
import type { UserContext } from '../context.ts';
import type { UserSchema } from '../db/schema.ts';
import { tellChanged } from '../identities/tell-changed.ts';
import { refreshGraceSeconds, sessionLifetimeSeconds } from './session.ts';
import {
  findRefreshToken,
  insertRefreshToken,
  lockSession,
  markRefreshTokenRotated,
  markSessionEnded,
  updateSessionUse,
} from './session-store.ts';
import type { OpenSession } from './sign-in.ts';

type Outcome =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'ended'; readonly sessionId: string }
  | ({ readonly kind: 'open' } & OpenSession);

/** Exchanges a refresh token for its successor. One that was exchanged longer ago than the grace ends the whole session. */
export async function refreshSession(ctx: UserContext, refreshToken: string): Promise<OpenSession> {
  // The refusal comes after the transaction, which keeps that the session ended.
  const outcome = await transact(ctx.db, (tx) => exchange(ctx, tx, refreshToken));
  if (outcome.kind === 'unknown') refuse('REFRESH_TOKEN_INVALID');
  if (outcome.kind === 'ended') {
    await tellChanged(ctx, outcome.sessionId);
    refuse('SESSION_ENDED');
  }
  return outcome;
}

async function exchange(ctx: UserContext, tx: Transaction<UserSchema>, refreshToken: string): Promise<Outcome> {
  const now = ctx.clock.now();
  const tokenHash = hashOf(refreshToken);
  const sessionId = (await findRefreshToken(tx, tokenHash))?.session_id;
  const session = sessionId === undefined ? undefined : await lockSession(tx, sessionId);
  // Read again under the lock: another request may have exchanged it meanwhile.
  const token = await findRefreshToken(tx, tokenHash);
  if (session === undefined || token === undefined) return { kind: 'unknown' };
  const ended = { kind: 'ended', sessionId: session.id } as const;
  if (session.ended_at !== null || session.expires_at <= now) return ended;
  const successor = ctx.tokens.successorOf(refreshToken);
  const open = { kind: 'open', accountId: session.account_id, sessionId: session.id, refreshToken: successor } as const;
  if (token.rotated_at !== null) {
    const isInGrace = now < addSeconds(token.rotated_at, refreshGraceSeconds);
    const next = isInGrace ? await findRefreshToken(tx, hashOf(successor)) : undefined;
    if (next?.rotated_at === null) return open;
    await markSessionEnded(tx, session.id, { now, reason: 'token_reused' });
    ctx.log.warn({ sessionId: session.id }, 'a refresh token was used again: the session has ended');
    return ended;
  }
  await markRefreshTokenRotated(tx, tokenHash, now);
  await insertRefreshToken(tx, { token_hash: hashOf(successor), session_id: session.id, created_at: now });
  await updateSessionUse(tx, session.id, { lastUsedAt: now, expiresAt: addSeconds(now, sessionLifetimeSeconds) });
  return open;
}
