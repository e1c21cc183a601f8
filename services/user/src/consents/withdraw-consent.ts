import { ConsentWithdrawnSchema } from '@kilas/contracts/gen/kilas/user/v1/events_pb.js';
import { refuse } from '@kilas/messages/refuse.ts';
import { newId } from '@kilas/platform/ids.ts';
import { lockAccount } from '../accounts/account-store.ts';
import type { UserContext } from '../context.ts';
import { deleteMatchNotifications } from '../notifications/notification-store.ts';
import { subscribersOf } from '../publications.ts';
import {
  findConsentInForce,
  findLastReceipt,
  insertReceipt,
  markConsentWithdrawn,
  markErasureCompleted,
} from './consent-store.ts';

/** This service holds matches too: notifications name the photos. */
const ownName = 'user';

/** Ends the consent, and tells in the same transaction all others who hold face data. Again answers the receipt of the first time. */
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
    await insertReceipt(tx, receipt, [...subscribersOf(ConsentWithdrawnSchema), ownName]);
    const effects = { notifications: await deleteMatchNotifications(tx, accountId) };
    await markErasureCompleted(tx, { eventId, service: ownName, effects, now });
    return { receiptId };
  });
}
