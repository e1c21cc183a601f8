import { refuse } from '@kilas/messages/refuse.ts';
import { hashOf } from '@kilas/platform/process/ids.ts';
import type { UserContext } from '../context.ts';
import { tellChanged } from '../identities/tell-changed.ts';
import { findRefreshToken, findSessionOfAccount, markSessionEnded } from './session-store.ts';

/** What a client that signs out still holds of its session. */
export type SignOutProof = { readonly refreshToken: string } | { readonly accessToken: string };

/** Ends the session that the proof belongs to. Nothing happens when it ended before, or when there is none. */
export async function signOut(ctx: UserContext, proof: SignOutProof): Promise<void> {
  const sessionId =
    'refreshToken' in proof
      ? (await findRefreshToken(ctx.db, hashOf(proof.refreshToken)))?.session_id
      : (await ctx.tokens.readAccess(proof.accessToken)).sessionId;
  if (sessionId === undefined) return;
  await markSessionEnded(ctx.db, sessionId, { now: ctx.clock.now(), reason: 'signed_out' });
  await tellChanged(ctx, sessionId);
}

/** Ends one of the account's own sessions; again is no error, another account's is SESSION_NOT_FOUND. */
export async function endSession(ctx: UserContext, input: { accountId: string; sessionId: string }): Promise<void> {
  if ((await findSessionOfAccount(ctx.db, input)) === undefined) refuse('SESSION_NOT_FOUND');
  await markSessionEnded(ctx.db, input.sessionId, { now: ctx.clock.now(), reason: 'ended' });
  await tellChanged(ctx, input.sessionId);
}
