import { newId } from '@kilas/platform/process/ids.ts';
import type { Transaction } from 'kysely';
import type { TransactionSchema } from '../db/schema.ts';
import { hashOfEntry, type NewEntry, sumOf } from './entry.ts';
import { insertEntry, lockLedgerHead, updateLedgerHead } from './entry-store.ts';

/**
 * The only way into the ledger: entries that sum to zero, each sealed with the one before. Holds the head of the chain until
 * the transaction ends, so it comes last in it.
 */
export async function postEntries(
  tx: Transaction<TransactionSchema>,
  postedAt: Date,
  entries: readonly NewEntry[],
): Promise<void> {
  let { sequence, hash } = await lockLedgerHead(tx);
  for (const entry of entries) {
    if (entry.postings.length < 2 || sumOf(entry.postings) !== 0n) {
      throw new Error(`the entry ${entry.kind} of ${entry.sourceId} does not balance`);
    }
    sequence += 1n;
    const next = { ...entry, entryId: newId(), sequence, postedAt };
    const previousHash = hash;
    hash = hashOfEntry(next, previousHash);
    await insertEntry(tx, next, { previousHash, hash });
  }
  await updateLedgerHead(tx, { sequence, hash });
}
