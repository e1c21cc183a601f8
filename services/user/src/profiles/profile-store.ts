import type { Db } from '@kilas/platform/db/database.ts';
import type { Selectable } from 'kysely';
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
