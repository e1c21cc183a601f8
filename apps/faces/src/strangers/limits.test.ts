import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { gateLimits } from '@kilas/face-engine/packs/pack-card.ts';
import { afterAll, expect, test } from 'vitest';
import type { CohortTable, FigureName } from './cohort-table.ts';
import { checkLimits, type Limits, readLimits } from './limits.ts';
import { printLimits } from './print-strangers.ts';

const folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-limits-'));
afterAll(() => rm(folder, { recursive: true }));

const measured = (value: number) => ({ value, low: value, high: value, variance: 0 });

function tableOf(pairs: number, rate: number, figures: Partial<Record<FigureName, number>> = {}): CohortTable {
  const row = (name: string) => ({ name, pairs, rates: [{ ...measured(rate), wrong: rate * pairs }] });
  const found = { foundOne: 0.9, foundThree: 0.95, t3: 0.98, t4: 0.96, rank1: 0.97, eer: 0.01, withinAt95: 0.005 };
  const of = (name: FigureName) => measured(figures[name] ?? found[name]);
  return {
    cuts: [{ name: 'default cut', distance: 0.5, stated: 5e-5 }],
    rows: ['everyone', 'east', 'within one photo', 'group faces × portraits'].map(row),
    regions: ['east'],
    found: {
      foundOne: of('foundOne'),
      foundThree: of('foundThree'),
      t3: of('t3'),
      t4: of('t4'),
      rank1: of('rank1'),
      eer: of('eer'),
      withinAt95: of('withinAt95'),
    },
    foundInRegions: [],
    counts: { truePairs: 500, threes: 100, probes: 200 },
    distances: { t3: 0.5, t4: 0.4, at95: 0.5 },
  };
}

const verdicts = (table: CohortTable, limits: Limits = gateLimits) =>
  Object.fromEntries(checkLimits(limits, table).map(({ name, isMet }) => [name, isMet]));

test('a pack that holds every limit is told so, limit by limit', () => {
  expect(verdicts(tableOf(1e6, 4e-5))).toEqual({
    measuredMax: true,
    withinAt95Max: true,
    foundOneMin: true,
    foundThreeMin: true,
    t4Min: true,
  });
});

test.each([
  ['measuredMax', tableOf(1e6, 6e-5)],
  ['t4Min', tableOf(1e6, 4e-5, { t4: 0.94 })],
  ['withinAt95Max', tableOf(1e6, 4e-5, { withinAt95: 0.011 })],
  ['foundThreeMin', tableOf(1e6, 4e-5, { foundThree: Number.NaN })],
])('one that is missed is the only one: %s', (name, table) => {
  const missed = Object.entries(verdicts(table)).flatMap(([limit, isMet]) => (isMet ? [] : [limit]));
  expect(missed).toEqual([name]);
});

test('too few pairs to tell are no proof, however few of them are wrong', () => {
  const checked = checkLimits({ measuredMax: 5e-5 }, tableOf(1_000, 0));
  expect(checked).toEqual([
    { name: 'measuredMax', limit: 5e-5, figure: 0, pairs: 1_000, isEnough: false, isMet: false },
  ]);
  const lines: string[] = [];
  printLimits(checked, (line) => lines.push(line));
  expect(lines.at(-1)).toMatch(/measuredMax +≤ 5\.0e-5 +0\.000 {2}MISSED: too few pairs to tell/);
});

test('a share at a measured rate is no proof where the rate is of a few pairs', () => {
  expect(verdicts(tableOf(2e5, 0), { t3Min: 0.9, t4Min: 0.9 })).toEqual({ t3Min: true, t4Min: false });
});

test('the limit of regions is held by the worst of them', () => {
  expect(verdicts(tableOf(1e6, 2e-3), { worstRegionMax: 1e-3 })).toEqual({ worstRegionMax: false });
  expect(verdicts(tableOf(1e6, 2e-3), { worstRegionMax: 3e-3 })).toEqual({ worstRegionMax: true });
});

test.each([
  ['Unrecognized key', '{ "t4Max": 0.9 }'],
  ['expected one limit at least', '{}'],
  ['holds no limits', 'none'],
])('a file that holds no limits is refused: %s', async (sentence, text) => {
  const file = path.join(folder, 'limits.json');
  await writeFile(file, text);
  await expect(readLimits(file)).rejects.toThrow(sentence);
});

test('limits are read from a file', async () => {
  const file = path.join(folder, 'good.json');
  await writeFile(file, '{ "t4Min": 0.9, "rank1Min": 0.5 }');
  expect(await readLimits(file)).toEqual({ t4Min: 0.9, rank1Min: 0.5 });
});
