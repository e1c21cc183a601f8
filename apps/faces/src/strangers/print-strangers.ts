import { DRAWS, type Measured } from './bootstrap.ts';
import type { CohortTable, GroupRow, RegionFound, WrongRate } from './cohort-table.ts';
import { type Cut, eventFaces } from './default-cut.ts';
import type { CheckedLimit } from './limits.ts';
import type { CrowdFaces } from './measure-faces.ts';

type Print = (line: string) => void;

/** What was looked at, and what of it takes no part. */
export function printCrowd(
  packId: string,
  { people, portraits, groupFaces, photoCount }: CrowdFaces,
  print: Print,
): void {
  const found = portraits.flatMap(({ face }) => face ?? []);
  const missing = portraits.length - found.length;
  const unsure = (faces: readonly { isSure: boolean }[]) => faces.filter(({ isSure }) => !isSure).length;
  print(`${packId} on ${count(people.length)} people`);
  print(
    `  ${count(portraits.length)} portraits: ${missing} not found (${percent(missing / portraits.length)}), ${unsure(found)} unsure`,
  );
  print(
    `  ${count(photoCount)} group photos: ${count(groupFaces.length)} faces, ${unsure(groupFaces.map(({ face }) => face))} unsure`,
  );
}

export function printTable(title: string, table: CohortTable, print: Print): void {
  print(`\n${title.toUpperCase()}`);
  for (const [i, cut] of table.cuts.entries()) printCut(cut, i, table, print);
  printFound(table, print);
}

/** What would change if faces decided that may not; nothing when all are sure. */
export function printWithUnsure(sure: CohortTable, all: CohortTable | undefined, print: Print): void {
  if (all === undefined) return;
  const line = (name: string, without: string, included: string) =>
    print(`  ${name.padEnd(56)}${without.padStart(10)}${included.padStart(10)}`);
  print('');
  line('if unsure faces decided too, at the default cut', 'without', 'with');
  for (const { name, rates } of all.rows) {
    const without = sure.rows.find((row) => row.name === name)?.rates[0];
    line(name, exponential(without?.value ?? Number.NaN), exponential(rates[0]?.value ?? Number.NaN));
  }
  for (const [name, label] of foundLabels) line(label, share(sure.found[name].value), share(all.found[name].value));
}

/** Figures that need no calibration, of one crowd by several normalisations. */
export function printComparison(tables: readonly (readonly [string, CohortTable])[], print: Print): void {
  const compared = ['t3', 't4', 'rank1', 'eer', 'withinAt95'] as const;
  const region = 'region t3';
  print(`\n${'normalised by'.padEnd(24)}${[...compared, region].map((name) => name.padStart(12)).join('')}`);
  for (const [name, { found, foundInRegions }] of tables) {
    const cells = compared.map((figure) => short(found[figure].value).padStart(12));
    const atRegion = short(foundInRegions[0]?.value ?? Number.NaN).padStart(12);
    print(`${name.padEnd(24)}${cells.join('')}${atRegion}`);
  }
  print('region t3: found where the rate of pairs within one region is 1e-3');
}

export function printLegend(print: Print): void {
  print(`\nrate: pairs let through; interval: 95 %, people and photos drawn anew ${DRAWS} times. With fewer than`);
  print('30 wrong pairs a rate is extrapolated, and its upper 95 % bound stands beside it: "over people" by');
  print('the draws or, where that is more, "rule of three": 3 / as many pairs as lean on no other.');
}

export function printLimits(limits: readonly CheckedLimit[], print: Print): void {
  print(`\n${'limit'.padEnd(24)}${'wanted'.padStart(12)}${'figure'.padStart(12)}`);
  for (const { name, limit, figure, isEnough, isMet } of limits) {
    const isMost = name.endsWith('Max');
    const isBeyond = figure !== null && (isMost ? figure > limit : figure < limit);
    const verdict = isMet ? 'held' : isBeyond || isEnough ? 'MISSED' : 'MISSED: too few pairs to tell';
    const wanted = `${isMost ? '≤' : '≥'} ${short(limit)}`;
    print(`${name.padEnd(24)}${wanted.padStart(12)}${short(figure ?? Number.NaN).padStart(12)}  ${verdict}`);
  }
}

function printCut({ name, distance, stated }: Cut, index: number, { rows }: CohortTable, print: Print): void {
  const what = index === 0 ? `${name} of an event of ${count(eventFaces)} faces` : name;
  print(`\n${what}: distance ${distance.toFixed(3)}, stated ${exponential(stated)}`);
  if (index === 0)
    print(`  ${'pairs of'.padEnd(23)}${'pairs'.padStart(11)}${'wrong'.padStart(10)}${'rate'.padStart(10)}`);
  for (const row of rows) printRow(row, row.rates[index], print);
}

function printRow({ name, pairs }: GroupRow, rate: WrongRate | undefined, print: Print): void {
  if (rate === undefined) return;
  const counts = count(pairs).padStart(11) + count(rate.wrong).padStart(10) + exponential(rate.value).padStart(10);
  print(`  ${name.padEnd(23)}${counts}  ${rate.bound ? describeBound(rate.bound) : interval(rate, exponential)}`);
}

function describeBound({ rate, kind }: NonNullable<WrongRate['bound']>): string {
  return `extrapolated, below ${exponential(rate)} (${kind})`;
}

const foundLabels = [
  ['foundOne', 'found, one photo enrolled'],
  ['foundThree', 'found, three photos enrolled'],
  ['t3', 'found at everyone’s measured 1e-3 (t3)'],
  ['t4', 'found at everyone’s measured 1e-4 (t4)'],
  ['rank1', 'the nearest is the right one (rank-1)'],
  ['eer', 'equal error rate'],
  ['withinAt95', 'wrong within one photo, where 95 % are found'],
] as const;

function printFound({ found, foundInRegions, counts, distances, rows }: CohortTable, print: Print): void {
  const within = rows.find(({ name }) => name === 'within one photo')?.pairs ?? 0;
  const everyone = rows[0]?.pairs ?? 0;
  const few = (expected: number) => (expected < 30 ? ', extrapolated' : '');
  const behind: Record<(typeof foundLabels)[number][0], string> = {
    foundOne: `of ${count(counts.truePairs)} true pairs`,
    foundThree: `of ${count(counts.threes)} portraits`,
    t3: `cut ${distances.t3.toFixed(3)}${few(everyone * 1e-3)}`,
    t4: `cut ${distances.t4.toFixed(3)}${few(everyone * 1e-4)}`,
    rank1: `of ${count(counts.probes)} portraits`,
    eer: '',
    withinAt95: `cut ${distances.at95.toFixed(3)}${few(within * found.withinAt95.value)}`,
  };
  print('\nright pairs');
  for (const [name, label] of foundLabels) {
    const show = name === 'withinAt95' ? exponential : share;
    print(foundLine(label, found[name], show, behind[name]));
  }
  for (const region of foundInRegions) print(foundLine(regionLabel(region), region, share, regionBehind(region)));
}

function foundLine(label: string, figure: Measured, show: (value: number) => string, behind: string): string {
  return `  ${label.padEnd(45)}${show(figure.value).padStart(8)}  ${interval(figure, show).padEnd(16)}  ${behind}`.trimEnd();
}

function regionLabel({ name }: RegionFound): string {
  return `${name}: found at its own 1e-3`;
}

function regionBehind({ truePairs, isExtrapolated }: RegionFound): string {
  return `of ${count(truePairs)}${isExtrapolated ? ', extrapolated' : ''}`;
}

function interval({ low, high }: Measured, show: (value: number) => string): string {
  return Number.isFinite(low) ? `${show(low)} to ${show(high)}` : 'too few to draw';
}

function exponential(rate: number): string {
  if (!Number.isFinite(rate)) return '-';
  return rate === 0 || rate === 1 ? String(rate) : rate.toExponential(1);
}

function share(value: number): string {
  return Number.isFinite(value) ? value.toFixed(3) : '-';
}

function short(value: number): string {
  return value > 0 && value < 0.1 ? exponential(value) : share(value);
}

function percent(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}

function count(value: number): string {
  return value.toLocaleString('en');
}
