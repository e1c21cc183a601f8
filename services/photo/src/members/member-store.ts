import { sql, type Transaction } from 'kysely';
import type { PhotoSchema } from '../db/schema.ts';

/** The epochs up to which members are erased, locked so that no erasure runs beside; members in id order. */
export async function lockErasedEpochs(
  tx: Transaction<PhotoSchema>,
  memberIds: readonly string[],
): Promise<Map<string, number>> {
  const sorted = [...new Set(memberIds)].sort();
  if (sorted.length === 0) return new Map();
  await tx
    .insertInto('erased_members')
    .values(sorted.map((memberId) => ({ member_id: memberId, erased_epoch: 0 })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const rows = await tx
    .selectFrom('erased_members')
    .selectAll()
    .where('member_id', 'in', sorted)
    .orderBy('member_id')
    .forUpdate()
    .execute();
  return new Map(rows.map((row) => [row.member_id, row.erased_epoch]));
}

export async function markErased(tx: Transaction<PhotoSchema>, memberId: string, epoch: number): Promise<void> {
  await lockErasedEpochs(tx, [memberId]);
  await tx
    .updateTable('erased_members')
    .set({ erased_epoch: sql`greatest(erased_epoch, ${epoch}::int)` })
    .where('member_id', '=', memberId)
    .execute();
}
