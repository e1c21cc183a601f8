import type { Db } from '@kilas/platform/db.ts';
import type { Effects } from '@kilas/platform/events.ts';
import type { Insertable, Selectable, Transaction } from 'kysely';
import type { UserSchema } from '../db/schema.ts';

export type Consent = Selectable<UserSchema['consents']>;
export type Receipt = Selectable<UserSchema['consent_receipts']>;
export type Erasure = Selectable<UserSchema['consent_erasures']>;

/** The newest version agreed to within the epoch in force. */
export async function findConsentInForce(db: Db<UserSchema>, accountId: string): Promise<Consent | undefined> {
  return db
    .selectFrom('consents')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('withdrawn_at', 'is', null)
    .orderBy('epoch', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** 0 when there never was a consent. A restored database may know of a withdrawal whose consent it never held. */
export async function findLastEpoch(db: Db<UserSchema>, accountId: string): Promise<number> {
  const row = await db
    .selectFrom('consents')
    .select((eb) => eb.fn.max('epoch').as('epoch'))
    .where('account_id', '=', accountId)
    .executeTakeFirst();
  return Math.max(row?.epoch ?? 0, (await findLastReceipt(db, accountId))?.epoch ?? 0);
}

/** Agreeing to a version twice within an epoch leaves the first row. */
export async function insertConsent(
  tx: Transaction<UserSchema>,
  consent: Insertable<UserSchema['consents']>,
): Promise<void> {
  await tx
    .insertInto('consents')
    .values(consent)
    .onConflict((conflict) => conflict.constraint('consents_epoch_version_unique').doNothing())
    .execute();
}

/** All consents up to this epoch; those that were withdrawn before keep their time. */
export async function markConsentsWithdrawn(
  tx: Transaction<UserSchema>,
  consent: { accountId: string; epoch: number; at: Date },
): Promise<void> {
  await tx
    .updateTable('consents')
    .set({ withdrawn_at: consent.at })
    .where('account_id', '=', consent.accountId)
    .where('epoch', '<=', consent.epoch)
    .where('withdrawn_at', 'is', null)
    .execute();
}

/** A receipt with one open erasure for each service. */
export async function insertReceipt(
  tx: Transaction<UserSchema>,
  receipt: Insertable<UserSchema['consent_receipts']>,
  services: readonly string[],
): Promise<void> {
  await tx.insertInto('consent_receipts').values(receipt).execute();
  const erasures = services.map((service) => ({ receipt_id: receipt.id, service }));
  await tx.insertInto('consent_erasures').values(erasures).execute();
}

export async function findLastReceipt(db: Db<UserSchema>, accountId: string): Promise<Receipt | undefined> {
  return db
    .selectFrom('consent_receipts')
    .selectAll()
    .where('account_id', '=', accountId)
    .orderBy('epoch', 'desc')
    .limit(1)
    .executeTakeFirst();
}

export async function findReceiptOfAccount(
  db: Db<UserSchema>,
  receipt: { accountId: string; receiptId: string },
): Promise<(Receipt & { erasures: Erasure[] }) | undefined> {
  const found = await db
    .selectFrom('consent_receipts')
    .selectAll()
    .where('id', '=', receipt.receiptId)
    .where('account_id', '=', receipt.accountId)
    .executeTakeFirst();
  if (found === undefined) return undefined;
  const erasures = await db
    .selectFrom('consent_erasures')
    .selectAll()
    .where('receipt_id', '=', found.id)
    .orderBy('service')
    .execute();
  return { ...found, erasures };
}

/** What a service said first stays. */
export async function markErasureCompleted(
  db: Db<UserSchema>,
  erasure: { eventId: string; service: string; effects: Effects; now: Date },
): Promise<void> {
  await db
    .updateTable('consent_erasures')
    .set({ effects: JSON.stringify(erasure.effects), completed_at: erasure.now })
    .where('receipt_id', 'in', (eb) =>
      eb.selectFrom('consent_receipts').select('id').where('event_id', '=', erasure.eventId),
    )
    .where('service', '=', erasure.service)
    .where('completed_at', 'is', null)
    .execute();
}
