import { refuse } from '@kilas/messages/refuse.ts';
import { brokenConstraint, type Db } from '@kilas/platform/db.ts';
import type { Insertable, Selectable, Transaction } from 'kysely';
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
