import { timedJob } from '@kilas/platform/jobs/job-kinds.ts';
import type { TransactionContext } from '../context.ts';
import { ledgerIntact } from '../metrics.ts';
import { genesisHash, hashOfEntry, sumOf } from './entry.ts';
import { getLedgerHead, listEntriesBySequence, type SealedEntry } from './entry-store.ts';

/** Entries read at a time. */
const pageSize = 500;

export type ChainVerdict =
  | { readonly state: 'intact'; readonly sequence: bigint; readonly hash: string }
  | {
      readonly state: 'broken';
      /** Where the chain breaks first; an entry that is gone has no id. */
      readonly sequence: bigint;
      readonly entryId?: string;
      readonly fault: 'missing' | 'altered' | 'unbalanced';
    };

/** Every night. */
export const verifyLedgerJob = timedJob({
  name: 'verify-ledger',
  cron: '17 2 * * *',
  retryCountMax: 3,
  retryDelaySeconds: 60,
  retryDelayMaxSeconds: 600,
  timeoutSeconds: 3600,
});

/** Recomputes the chain from its first entry up to the head, and names the first entry that is not what was posted. */
export async function verifyChain(ctx: Pick<TransactionContext, 'db'>): Promise<ChainVerdict> {
  // What the head seals is there already and never changes, so no lock is needed while others go on posting.
  const head = await getLedgerHead(ctx.db);
  let sequence = 0n;
  let hash = genesisHash;
  while (sequence < head.sequence) {
    const entries = await listEntriesBySequence(ctx.db, sequence, pageSize);
    if (entries.length === 0) break;
    for (const entry of entries) {
      if (entry.sequence > head.sequence) break;
      const fault = faultOf(entry, sequence + 1n, hash);
      if (fault === 'missing') return { state: 'broken', sequence: sequence + 1n, fault };
      if (fault !== undefined) return { state: 'broken', sequence: entry.sequence, entryId: entry.entryId, fault };
      sequence = entry.sequence;
      hash = entry.hash;
    }
  }
  if (sequence !== head.sequence) return { state: 'broken', sequence: sequence + 1n, fault: 'missing' };
  if (hash !== head.hash) return { state: 'broken', sequence, fault: 'altered' };
  return { state: 'intact', sequence, hash };
}

function faultOf(entry: SealedEntry, expected: bigint, previousHash: string) {
  if (entry.sequence !== expected) return 'missing';
  if (entry.previousHash !== previousHash || entry.hash !== hashOfEntry(entry, previousHash)) return 'altered';
  if (entry.postings.length !== entry.postingCount || sumOf(entry.postings) !== 0n) return 'unbalanced';
  return undefined;
}

/** Raises the alarm when the books were tampered with, in the log and in the metrics. */
export async function reportChain(ctx: TransactionContext): Promise<void> {
  const verdict = await verifyChain(ctx);
  ledgerIntact.set(verdict.state === 'intact' ? 1 : 0);
  const facts = { ...verdict, sequence: String(verdict.sequence) };
  if (verdict.state === 'broken') ctx.log.error(facts, 'the ledger was tampered with');
  else ctx.log.info(facts, 'the ledger is intact');
}
