import { refuse } from '@kilas/messages/refuse.ts';
import { brokenConstraint, type Db } from '@kilas/platform/db/database.ts';
import { type Insertable, type Selectable, sql, type Transaction } from 'kysely';
import type { UserSchema } from '../db/schema.ts';
import type { Login } from './account.ts';

export type Account = Selectable<UserSchema['accounts']>;

export async function findAccountByLogin(db: Db<UserSchema>, login: Login): Promise<Account | undefined> {
  const query = db.selectFrom('accounts').selectAll();
  return 'email' in login
    ? query.where('email', '=', login.email).executeTakeFirst()
    : query.where('username', '=', login.username).executeTakeFirst();
}

/** Holds all other changes of this account until the transaction ends. */
export async function lockAccount(tx: Transaction<UserSchema>, accountId: string): Promise<void> {
  await tx.selectFrom('accounts').select('id').where('id', '=', accountId).forNoKeyUpdate().executeTakeFirstOrThrow();
}

/** The loosest match level since the last withdrawal, 0 for none; from now on it is the one in force. The caller has locked the account. */
export async function takeLoosestLevel(tx: Transaction<UserSchema>, accountId: string): Promise<number> {
  const { level, match_level } = await tx
    .selectFrom('accounts')
    .select(['match_level', sql<number | null>`least(loosest_level, match_level)`.as('level')])
    .where('id', '=', accountId)
    .executeTakeFirstOrThrow();
  await tx.updateTable('accounts').set({ loosest_level: match_level }).where('id', '=', accountId).execute();
  return level ?? 0;
}

/** Refuses with USERNAME_TAKEN; an address that became an account meanwhile means that the link was overtaken. */
export async function insertAccount(
  tx: Transaction<UserSchema>,
  account: Insertable<UserSchema['accounts']>,
): Promise<void> {
  try {
    await tx.insertInto('accounts').values(account).execute();
  } catch (error) {
    const constraint = brokenConstraint(error);
    if (constraint === 'accounts_username_unique') refuse('USERNAME_TAKEN');
    if (constraint === 'accounts_email_unique') refuse('VERIFICATION_LINK_USED');
    throw error;
  }
}
