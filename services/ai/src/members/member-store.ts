import type { Db } from '@kilas/platform/db/database.ts';
import { sql, type Transaction } from 'kysely';
import type { AiSchema } from '../db/schema.ts';

/**
 * Locks members, in id order, and tells up to which consent epoch each was erased (0: never). Every write of a template or a
 * match holds this lock, so that nothing is written back behind a withdrawal.
 */
export async function lockMembers(
  tx: Transaction<AiSchema>,
  memberIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const ids = [...new Set(memberIds)].sort();
  await sql`
    insert into erased_members (member_id) select unnest(${ids}::uuid[]) on conflict (member_id) do nothing`.execute(
    tx,
  );
  const { rows } = await sql<{ member_id: string; erased_epoch: number }>`
    select member_id, erased_epoch from erased_members where member_id = any(${ids}::uuid[])
    order by member_id for update`.execute(tx);
  return new Map(rows.map((row) => [row.member_id, row.erased_epoch]));
}

/** As lockMembers, for one. */
export async function lockMember(tx: Transaction<AiSchema>, memberId: string): Promise<number> {
  return (await lockMembers(tx, [memberId])).get(memberId) ?? 0;
}

/** Up to which epoch the member was erased, without a lock: only to spare work that would be refused anyway. */
export async function findErasedEpoch(db: Db<AiSchema>, memberId: string): Promise<number> {
  const row = await db
    .selectFrom('erased_members')
    .select('erased_epoch')
    .where('member_id', '=', memberId)
    .executeTakeFirst();
  return row?.erased_epoch ?? 0;
}

/** Tombstones only ever move forward. */
export async function updateErasedEpoch(tx: Transaction<AiSchema>, memberId: string, epoch: number): Promise<void> {
  await tx
    .updateTable('erased_members')
    .set({ erased_epoch: epoch })
    .where('member_id', '=', memberId)
    .where('erased_epoch', '<', epoch)
    .execute();
}
