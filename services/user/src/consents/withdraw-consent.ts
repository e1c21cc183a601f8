import { ConsentWithdrawnSchema } from '@kilas/contracts/gen/kilas/user/v1/events_pb.js';
import { refuse } from '@kilas/messages/refuse.ts';
import { newId } from '@kilas/platform/ids.ts';
import { lockAccount } from '../accounts/account-store.ts';
import type { UserContext } from '../context.ts';
import { subscribersOf } from '../publications.ts';
import { findConsentInForce, findLastReceipt, insertReceipt, markConsentWithdrawn } from './consent-store.ts';

/** Ends the consent and tells in the same transaction all who hold face data. Again answers the receipt of the first time. */
export async function withdrawConsent(ctx: UserContext, input: { accountId: string }): Promise<{ receiptId: string }> {
  const { accountId } = input;
  return ctx.db.transaction().execute(async (tx) => {
    await lockAccount(tx, accountId);
    const inForce = await findConsentInForce(tx, accountId);
    if (inForce === undefined) {
      const last = await findLastReceipt(tx, accountId);
      return last === undefined ? refuse('CONSENT_NOT_GIVEN') : { receiptId: last.id };
    }
    const { epoch } = inForce;
    const now = ctx.clock.now();
    await markConsentWithdrawn(tx, { accountId, epoch, now });
    const eventId = await ctx.outbox.publish(tx, ConsentWithdrawnSchema, accountId, { memberId: accountId, epoch });
    const receiptId = newId();
    const receipt = { id: receiptId, account_id: accountId, epoch, event_id: eventId, requested_at: now };
    await insertReceipt(tx, receipt, subscribersOf(ConsentWithdrawnSchema));
    return { receiptId };
  });
}
