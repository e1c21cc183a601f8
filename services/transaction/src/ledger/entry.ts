import { hashOf } from '@kilas/platform/process/ids.ts';

/** One line of an entry. Debits are positive: cash that came in; credits negative: what is owed or earned. */
export interface Posting {
  readonly account: string;
  readonly amountIdr: bigint;
  readonly photoId?: string;
}

/** What to post. A kind and its source are posted once. */
export interface NewEntry {
  readonly kind: 'sale' | 'refund_due';
  readonly sourceId: string;
  readonly postings: readonly Posting[];
}

export interface Entry extends NewEntry {
  readonly entryId: string;
  readonly sequence: bigint;
  readonly postedAt: Date;
}

/** The hash before the first entry. */
export const genesisHash = '0'.repeat(64);

/** The seal of an entry: SHA-256 in hex over everything it says and the seal of the entry before. */
export function hashOfEntry(entry: Entry, previousHash: string): string {
  const postings = entry.postings.map(({ account, amountIdr, photoId }) => [
    account,
    String(amountIdr),
    photoId ?? null,
  ]);
  const { sequence, entryId, kind, sourceId, postedAt } = entry;
  return hashOf(
    JSON.stringify([previousHash, String(sequence), entryId, kind, sourceId, postedAt.toISOString(), postings]),
  );
}

export function sumOf(postings: readonly Posting[]): bigint {
  return postings.reduce((sum, { amountIdr }) => sum + amountIdr, 0n);
}
