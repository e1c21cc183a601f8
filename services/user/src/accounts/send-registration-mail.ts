import { addSeconds } from '@kilas/platform/process/clock.ts';
import { hashOf, newSecret } from '@kilas/platform/process/ids.ts';
import type { UserContext } from '../context.ts';
import { renderMail } from '../mail/render-mail.ts';
import { verificationLinkHours } from './account.ts';
import { type Account, findAccountByLogin } from './account-store.ts';
import {
  findRegistration,
  insertVerificationLink,
  listRegistrationsByLogin,
  type Registration,
} from './registration-store.ts';

/** Registrations of one address whose links are sent again; strangers may have made some of them. */
const linksResentMax = 3;

/** Sends the link, or tells an account's owner that they have one. Run twice it sends two mails, whose links both work. */
export async function sendRegistrationMail(ctx: UserContext, input: { registrationId: string }): Promise<void> {
  const registration = await findRegistration(ctx.db, input.registrationId);
  if (registration === undefined) return;
  const account = await findAccountByLogin(ctx.db, { email: registration.email });
  if (account === undefined) await sendVerificationLink(ctx, registration);
  else await sendAlreadyRegistered(ctx, account);
}

/** Sends the links of the newest registrations again, each in a mail of its own that names its username. */
export async function resendRegistrationMails(ctx: UserContext, input: { email: string }): Promise<void> {
  const account = await findAccountByLogin(ctx.db, input);
  if (account !== undefined) return sendAlreadyRegistered(ctx, account);
  for (const registration of await listRegistrationsByLogin(ctx.db, input, linksResentMax)) {
    await sendVerificationLink(ctx, registration);
  }
}

async function sendVerificationLink(ctx: UserContext, registration: Registration): Promise<void> {
  const token = newSecret();
  const now = ctx.clock.now();
  // Stored before it is sent: a process that dies in between leaves a link that nobody knows.
  await insertVerificationLink(ctx.db, {
    token_hash: hashOf(token),
    registration_id: registration.id,
    created_at: now,
    expires_at: addSeconds(now, verificationLinkHours * 3600),
  });
  await ctx.mailer.send(
    renderMail('verifyEmail', registration.locale, {
      to: registration.email,
      link: `${ctx.config.PUBLIC_URL}/confirm?token=${token}`,
      params: { username: registration.username, hours: String(verificationLinkHours) },
    }),
  );
}

async function sendAlreadyRegistered(ctx: UserContext, account: Account): Promise<void> {
  await ctx.mailer.send(
    renderMail('alreadyRegistered', account.locale, {
      to: account.email,
      link: ctx.config.SITE_URL,
      params: { username: account.username },
    }),
  );
}
