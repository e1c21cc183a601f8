import type { Transaction } from 'kysely';
import type { UserSchema } from '../db/schema.ts';

/** True when the pair is new; either may be named first. */
export async function insertAlikePair(
  tx: Transaction<UserSchema>,
  pair: readonly [string, string],
  toldAt: Date,
): Promise<boolean> {
  const [first, second] = pair[0] < pair[1] ? pair : [pair[1], pair[0]];
  const row = await tx
    .insertInto('alike_members')
    .values({ member_id: first, other_member_id: second, told_at: toldAt })
    .onConflict((conflict) => conflict.columns(['member_id', 'other_member_id']).doNothing())
    .returning('member_id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Answers how many. */
export async function deleteAlikePairs(tx: Transaction<UserSchema>, memberId: string): Promise<number> {
  const { numDeletedRows } = await tx
    .deleteFrom('alike_members')
    .where((where) => where.or([where('member_id', '=', memberId), where('other_member_id', '=', memberId)]))
    .executeTakeFirst();
  return Number(numDeletedRows);
}
