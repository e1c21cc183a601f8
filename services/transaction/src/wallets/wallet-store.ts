import type { Db } from '@kilas/platform/db/database.ts';
import { type RawBuilder, sql } from 'kysely';
import type { TransactionSchema } from '../db/schema.ts';
import { creatorAccount } from '../ledger/account.ts';

type WalletDb = Db<TransactionSchema>;

export interface Wallet {
  /** What the creator is owed now. */
  readonly balanceIdr: bigint;
  /** What their sales have brought them in all. */
  readonly earnedIdr: bigint;
}

export interface SaleInWallet {
  readonly entryId: string;
  readonly position: number;
  readonly orderId: string;
  readonly photoId: string;
  readonly grossIdr: bigint;
  readonly commissionIdr: bigint;
  readonly netIdr: bigint;
  readonly at: Date;
}

/** Derived from the postings; what is owed is a credit, hence the sign. */
export async function getWallet(db: WalletDb, creatorId: string): Promise<Wallet> {
  return db
    .selectFrom('postings')
    .innerJoin('entries', 'entries.entry_id', 'postings.entry_id')
    .select([
      exactSum(sql`-sum(postings.amount_idr)`).as('balanceIdr'),
      exactSum(sql`-sum(postings.amount_idr) filter (where entries.kind = 'sale')`).as('earnedIdr'),
    ])
    .where('postings.account', '=', creatorAccount(creatorId))
    .executeTakeFirstOrThrow();
}

/** A sum as a BIGINT, which it may not fit into: then the largest that JSON carries exactly. */
function exactSum(sum: RawBuilder<unknown>) {
  const max = Number.MAX_SAFE_INTEGER;
  return sql<bigint>`least(greatest(coalesce(${sum}, 0), ${-max}::numeric), ${max}::numeric)::bigint`;
}

/** The creator's sales before the position given, newest first. */
export async function listSalesByCreator(
  db: WalletDb,
  creatorId: string,
  before: { entryId: string; position: number } | undefined,
  limit: number,
): Promise<SaleInWallet[]> {
  return db
    .selectFrom(pageOfPostings(db, creatorId, before, limit).as('postings'))
    .innerJoin('entries', 'entries.entry_id', 'postings.entry_id')
    .innerJoin('order_items', (join) =>
      join
        .onRef('order_items.order_id', '=', 'entries.source_id')
        .onRef('order_items.photo_id', '=', 'postings.photo_id'),
    )
    .select([
      'postings.entry_id as entryId',
      'postings.position',
      'entries.source_id as orderId',
      'order_items.photo_id as photoId',
      'order_items.price_idr as grossIdr',
      'order_items.commission_idr as commissionIdr',
      sql<bigint>`-postings.amount_idr`.as('netIdr'),
      'entries.posted_at as at',
    ])
    .orderBy('postings.entry_id', 'desc')
    .orderBy('postings.position')
    .limit(limit)
    .execute();
}

/** First and alone, in the order of the index: joined, PostgreSQL would rather read the whole ledger and sort it. */
function pageOfPostings(
  db: WalletDb,
  creatorId: string,
  before: { entryId: string; position: number } | undefined,
  limit: number,
) {
  return db
    .selectFrom('postings')
    .select(['postings.entry_id', 'postings.position', 'postings.photo_id', 'postings.amount_idr'])
    .where('postings.account', '=', creatorAccount(creatorId))
    .where(sql<boolean>`(select kind = 'sale' from entries where entries.entry_id = postings.entry_id)`)
    .where((eb) => {
      if (before === undefined) return eb.lit(true);
      const isLater = eb.or([
        eb('postings.entry_id', '<', before.entryId),
        eb('postings.position', '>', before.position),
      ]);
      // Where the index begins; an OR alone would be tried on every row from the newest on.
      return eb.and([eb('postings.entry_id', '<=', before.entryId), isLater]);
    })
    .orderBy('postings.entry_id', 'desc')
    .orderBy('postings.position')
    .limit(limit);
}
