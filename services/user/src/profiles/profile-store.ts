import type { Db } from '@kilas/platform/db/database.ts';
import { type Selectable, sql } from 'kysely';
import type { UserSchema } from '../db/schema.ts';

export type AccountWithCreator = Selectable<UserSchema['accounts']> & {
  display_name: string | null;
  joined_at: Date | null;
};

export async function getAccountWithCreator(db: Db<UserSchema>, accountId: string): Promise<AccountWithCreator> {
  return db
    .selectFrom('accounts')
    .leftJoin('creators', 'creators.account_id', 'accounts.id')
    .selectAll('accounts')
    .select(['creators.display_name', 'creators.joined_at'])
    .where('accounts.id', '=', accountId)
    .executeTakeFirstOrThrow();
}

/** Fields left out stay as they are. The loosest level that was ever chosen is kept. */
export async function updateSettings(
  db: Db<UserSchema>,
  accountId: string,
  settings: Partial<Pick<AccountWithCreator, 'match_level' | 'locale' | 'time_zone'>>,
): Promise<void> {
  if (Object.keys(settings).length === 0) return;
  const level = settings.match_level;
  await db
    .updateTable('accounts')
    .set(settings)
    // Also by who goes back to the default: the level that they leave may stand from before loosest levels were kept.
    .$if(level !== undefined, (query) =>
      query.set({ loosest_level: sql<number | null>`least(loosest_level, match_level, ${level}::smallint)` }),
    )
    .where('id', '=', accountId)
    .execute();
}
