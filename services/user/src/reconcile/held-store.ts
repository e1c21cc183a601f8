import { holderOn } from '@kilas/platform/service/holdings.ts';
import { type Kysely, sql } from 'kysely';
import type { UserSchema } from '../db/schema.ts';

export function holdingsIn(db: Kysely<UserSchema>, before: Date) {
  const hold = holderOn(db, before);
  return {
    accounts: hold(db.selectFrom('accounts').select('id')),
    creators: hold(
      db.selectFrom('creators').select(['account_id as id', 'display_name as displayName', 'joined_at as joinedAt']),
    ),
    /** By member, the epochs whose consent is in force, or was withdrawn so lately that it is being carried out. */
    consents: hold(
      db
        .selectFrom('consents')
        .select(['account_id as id', sql<number[]>`array_agg(epoch)`.as('epochs')])
        .where((eb) => eb.or([eb('withdrawn_at', 'is', null), eb('withdrawn_at', '>=', before)]))
        .groupBy('account_id'),
    ),
    /** Receipts of withdrawals, by the id of their event. */
    receipts: hold(
      db
        .selectFrom('consent_receipts')
        .select(['event_id as id', 'account_id as memberId', 'epoch', 'requested_at as requestedAt']),
      { since: 'requestedAt' },
    ),
    /** By member, the newest epoch that was withdrawn. */
    withdrawals: hold(
      db
        .selectFrom('consent_receipts')
        .select((eb) => ['account_id as id', eb.fn.max('epoch').as('epoch')])
        .groupBy('account_id'),
    ),
    matchNotices: hold(
      db
        .selectFrom('notifications')
        .select(['id', 'account_id as memberId', 'created_at as createdAt'])
        .where('kind', '=', 'matches_found'),
      { since: 'createdAt' },
    ),
  };
}
