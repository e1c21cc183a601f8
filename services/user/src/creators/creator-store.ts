import type { Transaction } from 'kysely';
import type { UserSchema } from '../db/schema.ts';

/** False when the creator had this name already. */
export async function upsertCreator(
  tx: Transaction<UserSchema>,
  creator: { accountId: string; displayName: string; joinedAt: Date },
): Promise<boolean> {
  const changed = await tx
    .insertInto('creators')
    .values({ account_id: creator.accountId, display_name: creator.displayName, joined_at: creator.joinedAt })
    .onConflict((conflict) =>
      conflict
        .column('account_id')
        .doUpdateSet({ display_name: creator.displayName })
        .where('creators.display_name', '<>', creator.displayName),
    )
    .returning('account_id')
    .executeTakeFirst();
  return changed !== undefined;
}
