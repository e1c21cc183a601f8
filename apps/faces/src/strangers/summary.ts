import type { CohortTable, GroupRow, WrongRate } from './cohort-table.ts';

/** A rate, and what stands behind it. */
export interface BackedRate {
  readonly rate: number;
  readonly pairs: number;
  readonly wrong: number;
  /** The upper end of what the pairs leave possible. */
  readonly bound: number;
}

/** The figures of a pack in short, as the last line gives them; NaN where the crowd cannot say. */
export interface Summary {
  readonly cut: number;
  readonly stated: number;
  readonly measured: number;
  readonly worstRegion: (BackedRate & { readonly region: string }) | null;
  readonly groupsToPortraits: number;
  readonly withinAt95: number;
  readonly foundOne: number;
  readonly foundThree: number;
  readonly t3: number;
  readonly t4: number;
  readonly rank1: number;
}

/** At the default cut. */
export function summarise(table: CohortTable): Summary {
  const { found } = table;
  return {
    cut: table.cuts[0].distance,
    stated: table.cuts[0].stated,
    measured: rateOf(table, 'everyone')?.value ?? Number.NaN,
    worstRegion: worstRegionOf(table),
    groupsToPortraits: rateOf(table, 'group faces × portraits')?.value ?? Number.NaN,
    withinAt95: found.withinAt95.value,
    foundOne: found.foundOne.value,
    foundThree: found.foundThree.value,
    t3: found.t3.value,
    t4: found.t4.value,
    rank1: found.rank1.value,
  };
}

/** How far each figure of the summary may be off; of a rate that is extrapolated the upper end is its bound. */
export function intervalsOf(table: CohortTable): Record<string, [number, number]> {
  const toBound = (name: string) => {
    const rate = rateOf(table, name);
    return rate && { low: rate.low, high: rate.bound?.rate ?? rate.high };
  };
  const rates = { measured: toBound('everyone'), groupsToPortraits: toBound('group faces × portraits') };
  const figures = Object.entries({ ...rates, ...table.found });
  return Object.fromEntries(
    figures.flatMap(([name, figure]) =>
      figure ? [[name, [toSignificant(figure.low), toSignificant(figure.high)]]] : [],
    ),
  );
}

/** Four digits, that a line stays readable; NaN, of which JSON knows nothing, becomes null there. */
export function toSignificant(value: number): number {
  return Number.isFinite(value) ? Number(value.toPrecision(4)) : value;
}

/** One line of JSON. */
export function toJsonLine(summary: Summary, intervals: Record<string, [number, number]>): string {
  const round = (_: string, value: unknown) => (typeof value === 'number' ? toSignificant(value) : value);
  return JSON.stringify({ ...summary, intervals }, round);
}

function worstRegionOf(table: CohortTable): Summary['worstRegion'] {
  const rows = table.rows.filter(({ name }) => table.regions.includes(name)).map(toBacked);
  const [worst] = rows.sort((a, b) => b.rate - a.rate || b.bound - a.bound);
  return worst ?? null;
}

function toBacked({ name, pairs, rates: [atDefault] }: GroupRow) {
  const {
    value: rate,
    wrong,
    high,
    bound,
  }: Pick<WrongRate, 'value' | 'wrong' | 'high' | 'bound'> = atDefault ?? {
    value: Number.NaN,
    wrong: 0,
    high: Number.NaN,
  };
  return { region: name, rate, pairs, wrong, bound: bound?.rate ?? high };
}

function rateOf({ rows }: CohortTable, name: string): WrongRate | undefined {
  return rows.find((row) => row.name === name)?.rates[0];
}
