import { type ConsentWithdrawn, ConsentWithdrawnSchema } from '@kilas/contracts/gen/kilas/user/v1/events_pb.js';
import { refuse } from '@kilas/messages/refuse.ts';
import { transact } from '@kilas/platform/db/transact.ts';
import { type Effects, type EventEnvelope, type Subscription, subscribe } from '@kilas/platform/events/events.ts';
import type { Transaction } from 'kysely';
import { lockAccount, lockExistingAccounts, takeLoosestLevel } from '../accounts/account-store.ts';
import { findConsentInForce, markConsentsWithdrawn } from '../consents/consent-store.ts';
import type { UserContext } from '../context.ts';
import type { UserSchema } from '../db/schema.ts';
import { tellChanged } from '../identities/tell-changed.ts';
import { deleteAlikePairs } from '../likenesses/alike-store.ts';
import { deleteFaceNotifications } from '../notifications/notification-store.ts';
import { subscribersOf } from '../publications.ts';
import { findLastReceipt, insertReceipt, markErased } from './receipt-store.ts';

/** This service holds matches too: notifications name the photos. */
const ownName = 'user';

/** Ends the consent, and tells in the same transaction all others who hold face data. Again answers the receipt of the first time. */
export async function withdrawConsent(ctx: UserContext, input: { accountId: string }): Promise<{ receiptId: string }> {
  const { accountId } = input;
  const receipt = await transact(ctx.db, async (tx) => {
    await lockAccount(tx, accountId);
    const inForce = await findConsentInForce(tx, accountId);
    if (inForce === undefined) {
      const last = await findLastReceipt(tx, accountId);
      return last === undefined ? refuse('CONSENT_NOT_GIVEN') : { receiptId: last.id };
    }
    const loosestLevel = await takeLoosestLevel(tx, accountId);
    const withdrawn = { memberId: accountId, epoch: inForce.epoch, loosestLevel };
    const eventId = await ctx.outbox.publish(tx, ConsentWithdrawnSchema, accountId, withdrawn);
    await endConsent(ctx, tx, { ...withdrawn, eventId, at: ctx.clock.now() });
    return { receiptId: eventId };
  });
  await tellChanged(ctx, accountId);
  return receipt;
}

/** What the journal of erasures remembers and this database does not, see `recallWithdrawal`. */
export function withdrawalsRemembered(ctx: UserContext): Subscription<UserSchema> {
  return subscribe('user', ConsentWithdrawnSchema, (tx, event, envelope) => recallWithdrawal(ctx, tx, event, envelope));
}

/**
 * Withdraws again what was withdrawn after the state to which this database was restored, under the receipt that the member holds. The other
 * services are told again, and answer what they removed.
 */
async function recallWithdrawal(
  ctx: UserContext,
  tx: Transaction<UserSchema>,
  { memberId, epoch, loosestLevel }: ConsentWithdrawn,
  { eventId, occurredAt }: EventEnvelope,
): Promise<Effects> {
  const [accountId] = await lockExistingAccounts(tx, [memberId]);
  // Registered after the state that was restored, or withdrawn here and known all along.
  if (accountId === undefined || ((await findLastReceipt(tx, accountId))?.epoch ?? 0) >= epoch) return {};
  await ctx.outbox.publish(
    tx,
    ConsentWithdrawnSchema,
    memberId,
    { memberId, epoch, loosestLevel },
    { eventId, occurredAt },
  );
  await endConsent(ctx, tx, { memberId, epoch, eventId, at: occurredAt });
  // What was chosen under it ends with it, as when it was withdrawn.
  await takeLoosestLevel(tx, accountId);
  return { consents: 1 };
}

async function endConsent(
  ctx: UserContext,
  tx: Transaction<UserSchema>,
  withdrawal: { memberId: string; epoch: number; eventId: string; at: Date },
): Promise<void> {
  const { memberId: accountId, epoch, eventId, at } = withdrawal;
  await markConsentsWithdrawn(tx, { accountId, epoch, at });
  // The receipt has the event's id: the journal of erasures gives it back when the databases are restored.
  const receipt = { id: eventId, account_id: accountId, epoch, event_id: eventId, requested_at: at };
  await insertReceipt(tx, receipt, [...subscribersOf(ConsentWithdrawnSchema), ownName]);
  const effects = {
    notifications: await deleteFaceNotifications(tx, accountId),
    likenesses: await deleteAlikePairs(tx, accountId),
  };
  await markErased(tx, { eventId, service: ownName, answer: { effects }, now: ctx.clock.now() });
}
