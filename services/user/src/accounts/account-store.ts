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

/** Of the accounts named, those that exist, held in id order until the transaction ends. */
export async function lockExistingAccounts(
  tx: Transaction<UserSchema>,
  accountIds: readonly string[],
): Promise<string[]> {
  if (accountIds.length === 0) return [];
  const rows = await tx
    .selectFrom('accounts')
    .select('id')
    .where('id', 'in', accountIds)
    .orderBy('id')
    .forNoKeyUpdate()
    .execute();
  return rows.map(({ id }) => id);
}

/** Fields left out stay as they are. The loosest level that was ever chosen is kept. */
export async function updateSettings(
  db: Db<UserSchema>,
  accountId: string,
  settings: Partial<Pick<Account, 'match_level' | 'locale' | 'time_zone'>>,
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
