import { transact } from '@kilas/platform/db/transact.ts';
import type { UserContext } from '../context.ts';
import { resendVerification } from './jobs.ts';
import { takeMailAttempt } from './register-account.ts';

/** Answers the same for every address; what is sent to it is decided later. */
export async function requestVerification(ctx: UserContext, input: { email: string; address: string }): Promise<void> {
  await takeMailAttempt(ctx, input.email, input.address);
  await transact(ctx.db, (tx) => ctx.jobs.send(tx, resendVerification, { email: input.email }));
}
