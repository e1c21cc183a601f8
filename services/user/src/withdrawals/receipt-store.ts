import type { Db } from '@kilas/platform/db/database.ts';
import type { Answer } from '@kilas/platform/events/events.ts';
import { type Insertable, type Selectable, sql, type Transaction } from 'kysely';
import type { UserSchema } from '../db/schema.ts';

export type Receipt = Selectable<UserSchema['consent_receipts']>;
export type Erasure = Selectable<UserSchema['consent_erasures']>;

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

/** What a service said first stays; one that could not prove at first that nothing is left says so later. */
export async function markErased(
  db: Db<UserSchema>,
  erasure: { eventId: string; service: string; answer: Answer; now: Date },
): Promise<void> {
  const { effects, proof } = erasure.answer;
  await sql`
    update consent_erasures e set
      effects = coalesce(e.effects, ${JSON.stringify(effects)}::jsonb),
      completed_at = coalesce(e.completed_at, ${erasure.now}),
      unsearchable_at = coalesce(e.unsearchable_at, ${proof?.unsearchableAt ?? null}),
      gone_at = ${proof?.goneAt ?? null},
      vectors_probed = greatest(e.vectors_probed, ${proof?.vectorsProbed ?? null}),
      survivors = greatest(e.survivors, ${proof?.survivors ?? null}),
      cut_off_until = coalesce(e.cut_off_until, ${proof?.cutOffUntil ?? null})
    from consent_receipts r
    where r.event_id = ${erasure.eventId} and e.receipt_id = r.id and e.service = ${erasure.service}
      and (e.completed_at is null or (e.unsearchable_at is not null and e.gone_at is null))`.execute(db);
}

/** Where a service's time for faces that it cut off is over, and nobody has asked after them; another replica's are passed over. */
export async function lockDueCutOffs(
  tx: Transaction<UserSchema>,
  now: Date,
  limit: number,
): Promise<{ receipt_id: string; event_id: string }[]> {
  return tx
    .selectFrom('consent_erasures as e')
    .innerJoin('consent_receipts as r', 'r.id', 'e.receipt_id')
    .select(['e.receipt_id', 'r.event_id'])
    .where('e.cut_off_until', '<=', now)
    .where('e.cut_off_asked_at', 'is', null)
    .orderBy('e.cut_off_until')
    .orderBy('e.receipt_id')
    .limit(limit)
    .forUpdate('e')
    .skipLocked()
    .execute();
}

export async function markCutOffAsked(tx: Transaction<UserSchema>, receiptId: string, at: Date): Promise<void> {
  await tx
    .updateTable('consent_erasures')
    .set({ cut_off_asked_at: at })
    .where('receipt_id', '=', receiptId)
    .where('cut_off_until', 'is not', null)
    .execute();
}

/** The first time stays. */
export async function markCutOffGone(
  db: Db<UserSchema>,
  cutOff: { erasureId: string; service: string; goneAt: Date },
): Promise<void> {
  await sql`
    update consent_erasures e set cut_off_gone_at = coalesce(e.cut_off_gone_at, ${cutOff.goneAt})
    from consent_receipts r
    where r.event_id = ${cutOff.erasureId} and e.receipt_id = r.id and e.service = ${cutOff.service}`.execute(db);
}
