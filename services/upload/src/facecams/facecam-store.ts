import { refuse } from '@kilas/messages/refuse.ts';
import type { Db } from '@kilas/platform/db/database.ts';
import { type Insertable, sql, type Transaction } from 'kysely';
import type { UploadSchema } from '../db/schema.ts';
import type { Facecam, FacecamState, SelfieCheck } from './facecam.ts';

/** Locks a member against every other change of their facecams; answers the newest epoch that was erased, 0 for none. */
export async function lockMember(tx: Transaction<UploadSchema>, memberId: string): Promise<number> {
  await tx
    .insertInto('erased_members')
    .values({ member_id: memberId })
    .onConflict((conflict) => conflict.column('member_id').doNothing())
    .execute();
  const member = await tx
    .selectFrom('erased_members')
    .select('erased_epoch')
    .where('member_id', '=', memberId)
    .forUpdate()
    .executeTakeFirstOrThrow();
  return member.erased_epoch;
}

/** Locks a member for a write under a consent; refuses with CONSENT_WITHDRAWN when that epoch was erased. */
export async function lockConsentingMember(
  tx: Transaction<UploadSchema>,
  member: { memberId: string; consentEpoch: number },
): Promise<void> {
  const erasedEpoch = await lockMember(tx, member.memberId);
  if (member.consentEpoch <= erasedEpoch) refuse('CONSENT_WITHDRAWN');
}

export async function updateErasedEpoch(
  tx: Transaction<UploadSchema>,
  member: { memberId: string; epoch: number },
): Promise<void> {
  await tx
    .updateTable('erased_members')
    .set({ erased_epoch: sql`greatest(erased_epoch, ${member.epoch}::integer)` })
    .where('member_id', '=', member.memberId)
    .execute();
}

export async function insertFacecam(
  tx: Transaction<UploadSchema>,
  facecam: Insertable<UploadSchema['facecams']>,
): Promise<void> {
  await tx.insertInto('facecams').values(facecam).execute();
}

export async function findFacecam(db: Db<UploadSchema>, facecamId: string): Promise<Facecam | undefined> {
  return db.selectFrom('facecams').selectAll().where('facecam_id', '=', facecamId).executeTakeFirst();
}

export async function findFacecamOfMember(
  db: Db<UploadSchema>,
  facecam: { facecamId: string; memberId: string },
): Promise<Facecam | undefined> {
  return db
    .selectFrom('facecams')
    .selectAll()
    .where('facecam_id', '=', facecam.facecamId)
    .where('member_id', '=', facecam.memberId)
    .executeTakeFirst();
}

/** Newest first; a member has few. */
export async function listFacecamsByMember(db: Db<UploadSchema>, memberId: string, limit: number): Promise<Facecam[]> {
  return db
    .selectFrom('facecams')
    .selectAll()
    .where('member_id', '=', memberId)
    .orderBy('created_at', 'desc')
    .orderBy('facecam_id', 'desc')
    .limit(limit)
    .execute();
}

/** Ends the enrolment; false when the facecam is no longer pending. `selfieKey` is what is still stored afterwards. */
export async function markEnded(
  tx: Transaction<UploadSchema>,
  facecam: {
    facecamId: string;
    state: Exclude<FacecamState, 'pending'>;
    reason: string | null;
    selfieKey: string | null;
    check: SelfieCheck | null;
  },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('facecams')
    .set({
      state: facecam.state,
      failure_reason: facecam.reason,
      selfie_key: facecam.selfieKey,
      quality: facecam.check?.quality ?? null,
      real_score: facecam.check?.realScore ?? null,
      live_score: facecam.check?.liveScore ?? null,
    })
    .where('facecam_id', '=', facecam.facecamId)
    .where('state', '=', 'pending')
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Ends a facecam that has no template any more: the member sees it, and enrols again. */
export async function markLost(tx: Transaction<UploadSchema>, facecamId: string, reason: string): Promise<void> {
  await tx
    .updateTable('facecams')
    .set({ state: 'failed', failure_reason: reason, selfie_key: null })
    .where('facecam_id', '=', facecamId)
    .where('state', '<>', 'failed')
    .execute();
}

/** Of one whose selfie is not needed any more. */
export async function forgetSelfie(tx: Transaction<UploadSchema>, facecamId: string): Promise<void> {
  await tx
    .updateTable('facecams')
    .set({ selfie_key: null })
    .where('facecam_id', '=', facecamId)
    .where('state', '=', 'ready')
    .execute();
}

export async function deleteFacecam(tx: Transaction<UploadSchema>, facecamId: string): Promise<void> {
  await tx.deleteFrom('facecams').where('facecam_id', '=', facecamId).execute();
}

/** Everything that was written under an epoch up to this one. */
export async function deleteFacecamsOfEpoch(
  tx: Transaction<UploadSchema>,
  member: { memberId: string; epoch: number },
): Promise<Facecam[]> {
  return tx
    .deleteFrom('facecams')
    .where('member_id', '=', member.memberId)
    .where('consent_epoch', '<=', member.epoch)
    .returningAll()
    .execute();
}
