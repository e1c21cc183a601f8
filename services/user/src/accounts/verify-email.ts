import { refuse } from '@kilas/messages/refuse.ts';
import { transact } from '@kilas/platform/db/transact.ts';
import { hashOf } from '@kilas/platform/process/ids.ts';
import type { UserContext } from '../context.ts';
import { insertAccount } from './account-store.ts';
import {
  deleteRegistrationsByEmail,
  findRegistration,
  findVerificationLink,
  lockRegistrationsByEmail,
} from './registration-store.ts';

/** Opens the account of the registration whose link this is, once; all other registrations of the address go away. */
export async function verifyEmail(ctx: UserContext, input: { token: string }): Promise<{ username: string }> {
  const now = ctx.clock.now();
  const link = await findVerificationLink(ctx.db, hashOf(input.token));
  if (link === undefined) refuse('VERIFICATION_LINK_INVALID');
  if (link.expires_at <= now) refuse('VERIFICATION_LINK_EXPIRED');
  return transact(ctx.db, async (tx) => {
    const email = (await findRegistration(tx, link.registration_id))?.email;
    if (email === undefined) refuse('VERIFICATION_LINK_USED');
    const rivals = await lockRegistrationsByEmail(tx, email);
    const registration = rivals.find(({ id }) => id === link.registration_id);
    if (registration === undefined) refuse('VERIFICATION_LINK_USED');
    await insertAccount(tx, {
      id: registration.id,
      email: registration.email,
      username: registration.username,
      password_hash: registration.password_hash,
      locale: registration.locale,
      match_level: null,
      time_zone: null,
      created_at: now,
    });
    await deleteRegistrationsByEmail(tx, email);
    return { username: registration.username };
  });
}
