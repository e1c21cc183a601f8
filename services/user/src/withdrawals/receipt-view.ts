import { z } from 'zod';
import type { Erasure, Receipt } from './receipt-store.ts';

const effects = z.record(z.string(), z.number().int());
const time = z.iso.datetime().nullable();

/** What was removed after a withdrawal, as the member sees it. */
export const receiptView = z.object({
  receiptId: z.guid(),
  requestedAt: z.iso.datetime(),
  completedAt: time.describe(
    'When everything that goes at once was removed everywhere, and what can be proven was; see cutOffFaces for the rest',
  ),
  unsearchableAt: time.describe('When no search found any more what was erased at once'),
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
  cutOffFaces: z
    .object({
      count: z.number().int(),
      cutOffAt: z.iso.datetime().describe('Since when nothing leads from me to them, nor from them to me'),
      until: z.iso.datetime().describe('They are erased then, but those by which another member is found by then'),
      goneAt: time.describe('When they were; null until then'),
    })
    .nullable()
    .describe(
      'Faces in photos that were likely mine and are not erased at once, since it was not proven when I enrolled that a person was before the camera; null where there are none',
    ),
  probes: z
    .array(
      z.object({
        place: z.string(),
        vectorsProbed: z.number().int().describe('0: they were no longer known, and rows were counted instead'),
        survivors: z.number().int().describe('Still found at distance 0 after the removal; 0 when all is well'),
      }),
    )
    .describe('The search for the erased vectors after their removal'),
  removed: z.record(z.string(), effects.nullable()).describe('What each service removed; null until it has removed it'),
  removedAt: z.record(z.string(), time),
});

/** Faces that were not removed: they stand for themselves. */
const facesCutOff = 'facesCutOff';

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
    cutOffFaces: erasures.map(cutOffOf).find((cutOff) => cutOff !== null) ?? null,
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

function cutOffOf(erasure: Erasure): z.output<typeof receiptView>['cutOffFaces'] {
  const { completed_at, cut_off_until, cut_off_gone_at } = erasure;
  const count = countsOf(erasure)?.[facesCutOff] ?? 0;
  if (count === 0 || completed_at === null || cut_off_until === null) return null;
  return {
    count,
    cutOffAt: completed_at.toISOString(),
    until: cut_off_until.toISOString(),
    goneAt: textOf(cut_off_gone_at),
  };
}

/** Never, while something is still found. */
function unsearchableAtOf({ survivors, unsearchable_at, completed_at }: Erasure): Date | null {
  return (survivors ?? 0) > 0 ? null : (unsearchable_at ?? completed_at);
}

function effectsOf(erasure: Pick<Erasure, 'effects'>): z.output<typeof effects> | null {
  const counts = countsOf(erasure);
  if (counts === null) return null;
  const { [facesCutOff]: _, ...removed } = counts;
  return removed;
}

function countsOf({ effects: stored }: Pick<Erasure, 'effects'>): z.output<typeof effects> | null {
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
