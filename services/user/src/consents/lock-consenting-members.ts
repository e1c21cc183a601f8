import type { Transaction } from 'kysely';
import { lockExistingAccounts } from '../accounts/account-store.ts';
import type { UserSchema } from '../db/schema.ts';
import { findConsentInForce } from './consent-store.ts';

/** Of the accounts named, those whose consent is in force, all held in id order: no withdrawal runs beside what they are told. */
export async function lockConsentingMembers(
  tx: Transaction<UserSchema>,
  accountIds: readonly string[],
): Promise<string[]> {
  const consenting: string[] = [];
  for (const accountId of await lockExistingAccounts(tx, accountIds)) {
    if ((await findConsentInForce(tx, accountId)) !== undefined) consenting.push(accountId);
  }
  return consenting;
}
