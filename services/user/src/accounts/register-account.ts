import { refuse } from '@kilas/messages/refuse.ts';
import { takeAttempt } from '@kilas/messages/take-attempt.ts';
import { transact } from '@kilas/platform/db/transact.ts';
import type { Locale } from '@kilas/platform/problems/problem.ts';
import { hashOf, newId } from '@kilas/platform/process/ids.ts';
import type { UserContext } from '../context.ts';
import { findAccountByLogin } from './account-store.ts';
import { mailRegistration } from './jobs.ts';
import { insertRegistration } from './registration-store.ts';

export interface RegisterInput {
  readonly email: string;
  readonly username: string;
  readonly password: string;
  readonly locale: Locale;
  readonly address: string;
}

/**
 * Does and answers the same whether the address has an account or not; only the mail, which is sent later, differs. The registration changes
 * nothing until somebody opens its own link, so nobody can prepare or change the account of another.
 */
export async function registerAccount(ctx: UserContext, input: RegisterInput): Promise<void> {
  const { email, username, password, locale, address } = input;
  await takeAttempt(ctx.limits.registrationsByAddress, address);
  // Usernames are public. Whether the name is still free is decided when the link is opened.
  if ((await findAccountByLogin(ctx.db, { username })) !== undefined) refuse('USERNAME_TAKEN');
  await takeMailAttempt(ctx, email, address);
  const passwordHash = await ctx.passwords.hash(password, { isFamiliar: false, address, login: email });
  const registrationId = newId();
  await transact(ctx.db, async (tx) => {
    await insertRegistration(tx, {
      id: registrationId,
      email,
      username,
      password_hash: passwordHash,
      locale,
      created_at: ctx.clock.now(),
    });
    await ctx.jobs.send(tx, mailRegistration, { registrationId });
  });
}

/** Bounds the mails that strangers can make us send to an address. */
export async function takeMailAttempt(ctx: UserContext, email: string, address: string): Promise<void> {
  await takeAttempt(ctx.limits.mailsByEmailAndAddress, hashOf(`${address} ${email}`));
  await takeAttempt(ctx.limits.mailsByEmail, hashOf(email));
}
