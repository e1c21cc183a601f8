import { expect, test } from 'vitest';
import { makeCrowd } from '../testing/synthetic-crowd.ts';
import { measureTable } from './cohort-table.ts';
import { startingCohort } from './cohorts.ts';
import { comparePairs } from './near-pairs.ts';
import { groupPairs } from './pair-groups.ts';
import { printLegend, printTable, printWithUnsure } from './print-strangers.ts';

const stop = new AbortController().signal;
const crowd = makeCrowd({
  photoCounts: Array.from({ length: 60 }, (_, i) => 1 + (i % 4)),
  regions: Array.from({ length: 20 }, () => 'east'),
  groupCounts: [5, 6, 7],
});
const groups = groupPairs(crowd, await comparePairs(crowd, startingCohort(crowd, undefined), { stop }));
const { distances } = groups.everyone;
const cutBefore = (rank: number) => ((distances[rank - 1] ?? 0) + (distances[rank] ?? 0)) / 2;
const cuts = [cutBefore(30), cutBefore(29), 0.01].map((distance, i) => ({ name: `cut ${i}`, distance, stated: 1e-3 }));
const table = await measureTable(
  groups,
  [{ name: 'default cut', distance: cutBefore(300), stated: 1e-3 }, ...cuts],
  cutBefore(100),
  stop,
);
const everyone = table.rows[0]?.rates ?? [];
const lines: string[] = [];
printTable('table', table, (text) => lines.push(...text.split('\n')));
printLegend((text) => lines.push(...text.split('\n')));
const lineOf = (cut: string) => lines[lines.findIndex((line) => line.startsWith(cut)) + 1];

test('a rate with thirty wrong pairs behind it is measured, with its interval', () => {
  expect(everyone[1]).toMatchObject({ wrong: 30, value: 30 / distances.length });
  expect(everyone[1]).not.toHaveProperty('bound');
  expect(everyone[1]?.low).toBeLessThan(everyone[1]?.value ?? 0);
  expect(everyone[1]?.high).toBeGreaterThan(everyone[1]?.value ?? 1);
  expect(lineOf('cut 0')).not.toContain('extrapolated');
});

test('a rate with fewer is extrapolated, and its upper bound stands beside it', () => {
  expect(everyone[2]).toMatchObject({ wrong: 29, bound: { kind: 'over people' } });
  expect(everyone[2]?.bound?.rate).toBeGreaterThan(29 / distances.length);
  expect(lineOf('cut 1')).toMatch(/extrapolated, below \d\.\de-\d \(over people\)/);
});

test('where no pair is wrong the bound is three by as many pairs as are independent', () => {
  const none = everyone[3];
  expect(none).toMatchObject({ wrong: 0, value: 0, bound: { kind: 'rule of three' } });
  // People lean on each other: fewer pairs than there are.
  expect(none?.bound?.rate).toBeGreaterThan(3 / distances.length);
  expect(lineOf('cut 2')).toMatch(/extrapolated, below .* \(rule of three\)/);
});

test('lines fit a screen of a hundred columns', () => {
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(100);
});

test('every group has its row, everyone first', () => {
  expect(table.rows.map(({ name }) => name)).toEqual([
    ...['everyone', 'not Asian', 'east', 'one region', 'within one photo'],
    'group faces × portraits',
  ]);
});

test('people whose photos lie together are found', () => {
  expect(table.found.t3.value).toBeGreaterThan(0.9);
  expect(table.found.rank1.value).toBeGreaterThan(0.9);
  expect(table.found.eer.value).toBeLessThan(0.05);
});

test('what unsure faces would change stands beside the figures without them, and nothing where all are sure', async () => {
  const shape = { photoCounts: Array.from({ length: 20 }, () => 4), groupCounts: [6, 6] };
  const doubtful = makeCrowd({ ...shape, unsureEvery: 4 });
  const measure = async (withUnsure: boolean) => {
    const near = await comparePairs(doubtful, startingCohort(doubtful, undefined), { stop, withUnsure });
    const cut = { name: 'default cut', distance: 0.6, stated: 1e-3 };
    return measureTable(groupPairs(doubtful, near), [cut], 0.5, stop, withUnsure ? 0 : 20);
  };
  const [sure, all] = [await measure(false), await measure(true)];
  const printed: string[] = [];
  printWithUnsure(sure, undefined, (line) => printed.push(line));
  expect(printed).toEqual([]);
  printWithUnsure(sure, all, (line) => printed.push(line));
  expect(printed.some((line) => /^ {2}everyone +\d.* \d/.test(line))).toBe(true);
  // A true pair of which one face may not decide is not found.
  expect(sure.found.foundOne.value).toBeLessThan(0.7);
  expect(all.found.foundOne.value).toBeGreaterThan(0.95);
  expect(printed.find((line) => line.includes('one photo enrolled'))).toMatch(/ 0\.[3-6]\d+ +(0\.9\d+|1\.000)$/);
});
