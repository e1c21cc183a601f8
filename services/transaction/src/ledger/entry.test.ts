import { newId } from '@kilas/platform/process/ids.ts';
import { expect, test } from 'vitest';
import { type Entry, hashOfEntry, sumOf } from './entry.ts';

const [photoId, other] = [newId(), newId()];
const entry: Entry = {
  entryId: newId(),
  sequence: 7n,
  kind: 'sale',
  sourceId: newId(),
  postedAt: new Date('2026-05-01T00:00:00.001Z'),
  postings: [
    { account: 'platform:cash', amountIdr: 100n },
    { account: 'creator:a', amountIdr: -80n, photoId },
    { account: 'platform:commission', amountIdr: -20n },
  ],
};
const [cash, share, commission] = entry.postings;
const before = 'a'.repeat(64);

const changes: Readonly<Record<string, Partial<Entry>>> = {
  'another id': { entryId: newId() },
  'another number': { sequence: 8n },
  'another kind': { kind: 'refund_due' },
  'another source': { sourceId: newId() },
  'a millisecond later': { postedAt: new Date('2026-05-01T00:00:00.002Z') },
  'a posting less': { postings: entry.postings.slice(0, 2) },
  'another sequence of postings': { postings: entry.postings.toReversed() },
  'another account': { postings: [{ account: 'platform:cash2', amountIdr: 100n }, ...entry.postings.slice(1)] },
  'other amounts': {
    postings: [
      { account: 'platform:cash', amountIdr: 101n },
      ...entry.postings.slice(1, 2),
      { account: 'platform:commission', amountIdr: -21n },
    ],
  },
  'another photo': {
    postings: [cash, { account: 'creator:a', amountIdr: -80n, photoId: other }, commission].flatMap((one) => one ?? []),
  },
  'no photo': { postings: [cash, { account: 'creator:a', amountIdr: -80n }, commission].flatMap((one) => one ?? []) },
};

test.each(Object.entries(changes))('the seal covers all that an entry says: %s', (_what, change) => {
  expect(share?.photoId).toBe(photoId);
  expect(hashOfEntry({ ...entry, ...change }, before)).not.toBe(hashOfEntry(entry, before));
});

test('the seal covers the one before, and nothing else', () => {
  expect(hashOfEntry(entry, 'b'.repeat(64))).not.toBe(hashOfEntry(entry, before));
  expect(hashOfEntry({ ...entry, postings: entry.postings.map((one) => ({ ...one })) }, before)).toBe(
    hashOfEntry(entry, before),
  );
});

test('debits and credits of an entry sum to zero', () => {
  expect(sumOf(entry.postings)).toBe(0n);
  expect(sumOf(entry.postings.slice(1))).toBe(-100n);
});
