import type { Transaction } from 'kysely';
import type { UploadSchema } from '../db/schema.ts';

/** False when the change was taken up with the member before. */
export async function insertPackNotice(
  tx: Transaction<UploadSchema>,
  notice: { memberId: string; packId: string },
  noticedAt: Date,
): Promise<boolean> {
  const inserted = await tx
    .insertInto('pack_notices')
    .values({ member_id: notice.memberId, pack_id: notice.packId, noticed_at: noticedAt })
    .onConflict((conflict) => conflict.doNothing())
    .returning('member_id')
    .executeTakeFirst();
  return inserted !== undefined;
}

/** False when the member was asked because of this change before. */
export async function markAsked(
  tx: Transaction<UploadSchema>,
  notice: { memberId: string; packId: string },
  askedAt: Date,
): Promise<boolean> {
  const result = await tx
    .updateTable('pack_notices')
    .set({ asked_at: askedAt })
    .where('member_id', '=', notice.memberId)
    .where('pack_id', '=', notice.packId)
    .where('asked_at', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

export async function deletePackNotices(tx: Transaction<UploadSchema>, memberId: string): Promise<void> {
  await tx.deleteFrom('pack_notices').where('member_id', '=', memberId).execute();
}
