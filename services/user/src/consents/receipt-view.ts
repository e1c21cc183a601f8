import { z } from 'zod';
import type { Erasure, Receipt } from './consent-store.ts';

const effects = z.record(z.string(), z.number().int());
const time = z.iso.datetime().nullable();

/** What was removed after a withdrawal, as the member sees it. */
export const receiptView = z.object({
  receiptId: z.guid(),
  requestedAt: z.iso.datetime(),
  completedAt: time.describe('When everything was removed everywhere, and what can be proven was'),
  unsearchableAt: time.describe('When no search anywhere found my face any more'),
  goneAt: time.describe('When the last dead row was off the tables and indexes that hold faces; see docs/erasure.md'),
  items: z
    .array(
      z.object({
        place: z.string().describe('The service, or the journal of erasures, which notes the withdrawal'),
        kind: z.string(),
        count: z.number().int(),
        removedAt: z.iso.datetime(),
        unsearchableAt: time,
        goneAt: time.describe('null where rows are left to the own cleaning of the database'),
      }),
    )
    .describe('What was removed from where'),
  probes: z
    .array(
      z.object({
        place: z.string(),
        vectorsProbed: z.number().int().describe('0: they were no longer known, and rows were counted instead'),
        survivors: z.number().int().describe('Still found at distance 0 after the removal; 0 when all is well'),
      }),
    )
    .describe('The search for the erased vectors after their removal'),
  removed: z.record(z.string(), effects.nullable()).describe('Per service, what it removed; null until it has'),
  removedAt: z.record(z.string(), time),
});

export function viewOfReceipt(receipt: Receipt & { erasures: Erasure[] }): z.output<typeof receiptView> {
  const { erasures } = receipt;
  const removedAt = erasures.map(({ completed_at }) => completed_at);
  const unsearchableAt = erasures.map(unsearchableAtOf);
  const goneAt = erasures.map((erasure) => (erasure.unsearchable_at === null ? erasure.completed_at : erasure.gone_at));
  return {
    receiptId: receipt.id,
    requestedAt: receipt.requested_at.toISOString(),
    completedAt: lastOf([...removedAt, ...goneAt]),
    unsearchableAt: lastOf(unsearchableAt),
    goneAt: lastOf(goneAt),
    items: erasures.flatMap(itemsOf),
    probes: erasures.flatMap(({ service, vectors_probed, survivors }) =>
      vectors_probed === null || survivors === null
        ? []
        : [{ place: service, vectorsProbed: vectors_probed, survivors }],
    ),
    removed: Object.fromEntries(erasures.map(({ service, ...erasure }) => [service, effectsOf(erasure)])),
    removedAt: Object.fromEntries(erasures.map(({ service, completed_at }) => [service, textOf(completed_at)])),
  };
}

function itemsOf(erasure: Erasure): z.output<typeof receiptView>['items'] {
  const { service: place, completed_at, gone_at } = erasure;
  if (completed_at === null) return [];
  const times = {
    removedAt: completed_at.toISOString(),
    unsearchableAt: textOf(unsearchableAtOf(erasure)),
    goneAt: textOf(gone_at),
  };
  return Object.entries(effectsOf(erasure) ?? {}).map(([kind, count]) => ({ place, kind, count, ...times }));
}

/** Never, while something is still found. */
function unsearchableAtOf({ survivors, unsearchable_at, completed_at }: Erasure): Date | null {
  return (survivors ?? 0) > 0 ? null : (unsearchable_at ?? completed_at);
}

function effectsOf({ effects: stored }: Pick<Erasure, 'effects'>): z.output<typeof effects> | null {
  if (stored === null) return null;
  // What a later version may note besides numbers is left out.
  const counts = Object.entries(z.record(z.string(), z.unknown()).catch({}).parse(stored));
  return Object.fromEntries(
    counts.flatMap(([kind, count]) => (Number.isSafeInteger(count) ? [[kind, Number(count)]] : [])),
  );
}

/** Null while one of them is still to come. */
function lastOf(times: readonly (Date | null)[]): string | null {
  const known = times.filter((at) => at !== null).map((at) => at.getTime());
  return known.length === times.length ? new Date(Math.max(...known)).toISOString() : null;
}

function textOf(at: Date | null): string | null {
  return at?.toISOString() ?? null;
}
