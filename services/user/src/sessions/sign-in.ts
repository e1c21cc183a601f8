import { refuse } from '@kilas/messages/refuse.ts';
import { takeAttempt } from '@kilas/messages/take-attempt.ts';
import { transact } from '@kilas/platform/db/transact.ts';
import { addSeconds } from '@kilas/platform/process/clock.ts';
import { hashOf, newId, newSecret } from '@kilas/platform/process/ids.ts';
import { refusalNameOf } from '@kilas/platform/telemetry/error-type.ts';
import { loginOf } from '../accounts/account.ts';
import { findAccountByLogin, lockAccount } from '../accounts/account-store.ts';
import { listRegistrationsByLogin } from '../accounts/registration-store.ts';
import type { UserContext } from '../context.ts';
import { tellChanged } from '../identities/tell-changed.ts';
import { signIns } from '../metrics.ts';
import { sessionCountMax, sessionLifetimeSeconds, userAgentLengthMax } from './session.ts';
import { insertRefreshToken, insertSession, markOldestSessionsEnded } from './session-store.ts';

export interface SignInInput {
  readonly login: string;
  readonly password: string;
  readonly userAgent: string;
  readonly address: string;
}

/** What a client goes on with. */
export interface OpenSession {
  readonly accountId: string;
  readonly sessionId: string;
  readonly refreshToken: string;
}

/**
 * Opens a session for the right password. A failure always takes two comparisons, so neither the answer nor its time says whether an account or a
 * registration exists.
 */
export async function signIn(ctx: UserContext, input: SignInInput): Promise<OpenSession> {
  try {
    const session = await trySignIn(ctx, input);
    signIns.add({ outcome: 'signed-in' });
    return session;
  } catch (error) {
    signIns.add({ outcome: refusalNameOf(error) });
    throw error;
  }
}

async function trySignIn(ctx: UserContext, input: SignInInput): Promise<OpenSession> {
  const login = loginOf(input.login);
  // Counted by what was typed: counted by account, a username's attempts would tell which address belongs to it.
  const loginKey = hashOf(JSON.stringify(login));
  const pairKey = hashOf(`${input.address} ${loginKey}`);
  await takeAttempt(ctx.limits.signInsByAddress, input.address);
  await takeAttempt(ctx.limits.signInsByLoginAndAddress, pairKey);
  const isFamiliar = (await ctx.limits.familiarSignIns.get(pairKey)) !== undefined;
  if (!isFamiliar) await takeAttempt(ctx.limits.signInsByLogin, loginKey);
  const account = await findAccountByLogin(ctx.db, login);
  const asker = { isFamiliar, address: input.address, login: loginKey };
  const isRight = await ctx.passwords.verify(account?.password_hash, input.password, asker);
  if (account === undefined || !isRight) {
    const [registration] = await listRegistrationsByLogin(ctx.db, login, 1);
    const isWaiting = await ctx.passwords.verify(registration?.password_hash, input.password, asker);
    return refuse(isWaiting ? 'EMAIL_NOT_VERIFIED' : 'SIGN_IN_FAILED');
  }
  await ctx.limits.signInsByLoginAndAddress.reset(pairKey);
  await ctx.limits.signInsByLogin.reset(loginKey);
  await ctx.limits.familiarSignIns.set(pairKey, '1');
  return openSession(ctx, account.id, input.userAgent);
}

async function openSession(ctx: UserContext, accountId: string, userAgent: string): Promise<OpenSession> {
  const now = ctx.clock.now();
  const sessionId = newId();
  const refreshToken = newSecret();
  const endedIds = await transact(ctx.db, async (tx) => {
    await lockAccount(tx, accountId);
    const oldestIds = await markOldestSessionsEnded(tx, accountId, { keep: sessionCountMax - 1, now });
    await insertSession(tx, {
      id: sessionId,
      account_id: accountId,
      user_agent: userAgent.slice(0, userAgentLengthMax),
      created_at: now,
      last_used_at: now,
      expires_at: addSeconds(now, sessionLifetimeSeconds),
    });
    await insertRefreshToken(tx, { token_hash: hashOf(refreshToken), session_id: sessionId, created_at: now });
    return oldestIds;
  });
  await tellChanged(ctx, ...endedIds);
  return { accountId, sessionId, refreshToken };
}
