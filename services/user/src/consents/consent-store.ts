import type { Db } from '@kilas/platform/db/database.ts';
import { type Insertable, type Selectable, sql, type Transaction } from 'kysely';
import type { UserSchema } from '../db/schema.ts';

export type Consent = Selectable<UserSchema['consents']>;

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
  const { rows } = await sql<{ epoch: number }>`select greatest(
    (select max(epoch) from consents where account_id = ${accountId}),
    (select max(epoch) from consent_receipts where account_id = ${accountId}),
    0
  ) as epoch`.execute(db);
  return rows[0]?.epoch ?? 0;
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
