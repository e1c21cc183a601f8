import type { Db } from '@kilas/platform/db/database.ts';
import type { TransactionSchema } from '../db/schema.ts';
import type { Entry } from './entry.ts';

type LedgerDb = Db<TransactionSchema>;

/** An entry as it is stored, with its seal. */
export interface SealedEntry extends Entry {
  readonly postingCount: number;
  readonly previousHash: string;
  readonly hash: string;
}

export interface LedgerHead {
  readonly sequence: bigint;
  readonly hash: string;
}

export async function lockLedgerHead(db: LedgerDb): Promise<LedgerHead> {
  return db.selectFrom('ledger_head').select(['sequence', 'hash']).forUpdate().executeTakeFirstOrThrow();
}

export async function getLedgerHead(db: LedgerDb): Promise<LedgerHead> {
  return db.selectFrom('ledger_head').select(['sequence', 'hash']).executeTakeFirstOrThrow();
}

export async function updateLedgerHead(db: LedgerDb, head: LedgerHead): Promise<void> {
  await db.updateTable('ledger_head').set({ sequence: head.sequence, hash: head.hash }).execute();
}

export async function insertEntry(
  db: LedgerDb,
  entry: Entry,
  seal: { previousHash: string; hash: string },
): Promise<void> {
  await db
    .insertInto('entries')
    .values({
      entry_id: entry.entryId,
      sequence: entry.sequence,
      kind: entry.kind,
      source_id: entry.sourceId,
      posted_at: entry.postedAt,
      posting_count: entry.postings.length,
      previous_hash: seal.previousHash,
      hash: seal.hash,
    })
    .execute();
  await db
    .insertInto('postings')
    .values(
      entry.postings.map((posting, position) => ({
        entry_id: entry.entryId,
        position,
        account: posting.account,
        amount_idr: posting.amountIdr,
        photo_id: posting.photoId ?? null,
      })),
    )
    .execute();
}

/** Entries after a sequence number in the order of the chain, at most `limit`. */
export async function listEntriesBySequence(db: LedgerDb, after: bigint, limit: number): Promise<SealedEntry[]> {
  const entries = await db
    .selectFrom('entries')
    .selectAll()
    .where('sequence', '>', after)
    .orderBy('sequence')
    .limit(limit)
    .execute();
  if (entries.length === 0) return [];
  const ids = entries.map((entry) => entry.entry_id);
  const postings = await db
    .selectFrom('postings')
    .selectAll()
    .where('entry_id', 'in', ids)
    .orderBy('entry_id')
    .orderBy('position')
    .execute();
  const byEntry = Map.groupBy(postings, (posting) => posting.entry_id);
  return entries.map((entry) => ({
    entryId: entry.entry_id,
    sequence: entry.sequence,
    kind: entry.kind,
    sourceId: entry.source_id,
    postedAt: entry.posted_at,
    postingCount: entry.posting_count,
    previousHash: entry.previous_hash,
    hash: entry.hash,
    postings: (byEntry.get(entry.entry_id) ?? []).map((posting) => ({
      account: posting.account,
      amountIdr: posting.amount_idr,
      ...(posting.photo_id === null ? {} : { photoId: posting.photo_id }),
    })),
  }));
}
