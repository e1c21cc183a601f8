import { consentVersion } from '@kilas/messages/consent.ts';
import { refuse } from '@kilas/messages/refuse.ts';
import { takeAttempt } from '@kilas/messages/take-attempt.ts';
import { transact } from '@kilas/platform/db/transact.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import { lockAccount } from '../accounts/account-store.ts';
import type { UserContext } from '../context.ts';
import { tellChanged } from '../identities/tell-changed.ts';
import { findConsentInForce, findLastEpoch, insertConsent } from './consent-store.ts';

/**
 * Records that the member agreed to the text as it is now. A consent in force keeps its epoch, also when the text is a
 * newer one; after a withdrawal a new epoch begins.
 */
export async function giveConsent(ctx: UserContext, input: { accountId: string; version: string }): Promise<void> {
  const { accountId, version } = input;
  await takeAttempt(ctx.limits.consentsByAccount, accountId);
  if (version !== consentVersion) refuse('CONSENT_VERSION_OUTDATED', { version: consentVersion });
  await transact(ctx.db, async (tx) => {
    await lockAccount(tx, accountId);
    const inForce = await findConsentInForce(tx, accountId);
    const epoch = inForce?.epoch ?? (await findLastEpoch(tx, accountId)) + 1;
    await insertConsent(tx, { id: newId(), account_id: accountId, epoch, version, given_at: ctx.clock.now() });
  });
  await tellChanged(ctx, accountId);
}
