import { readFile } from 'node:fs/promises';
import { systemReason, UserError } from '@kilas/cli/user-error.ts';
import { areEnough, type CardLimit } from '@kilas/face-engine/packs/pack-card.ts';
import { z } from 'zod';
import { type CohortTable, wrongMin } from './cohort-table.ts';
import { type Summary, summarise } from './summary.ts';

const share = z.number().min(0).max(1);
const limitsSchema = z
  .strictObject({
    measuredMax: share,
    worstRegionMax: share,
    groupsToPortraitsMax: share,
    withinAt95Max: share,
    foundOneMin: share,
    foundThreeMin: share,
    t3Min: share,
    t4Min: share,
    rank1Min: share,
  })
  .partial()
  .refine((limits) => Object.keys(limits).length > 0, 'expected one limit at least');

export type Limits = z.output<typeof limitsSchema>;
export type CheckedLimit = CardLimit;

/** Reads `--pass`: a file, or `default`. */
export async function readLimits(file: string): Promise<Limits> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new UserError(`${file} cannot be read (${systemReason(error)}): --pass takes a file of limits, or default.`);
  });
  try {
    return limitsSchema.parse(JSON.parse(text));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new UserError(`${file} holds no limits, such as { "t4Min": 0.9 }:\n${why}`);
  }
}

/** Each limit beside the figure. One behind which too few pairs stand to tell is not met. */
export function checkLimits(limits: Limits, table: CohortTable): CheckedLimit[] {
  const summary = summarise(table);
  const behind = pairsBehind(table, summary);
  return Object.entries(limits).flatMap(([name, limit]) => {
    if (limit === undefined) return [];
    const figure = figureOf(summary, name);
    const isMost = name.endsWith('Max');
    const pairs = behind(name);
    const isEnough = areEnough({ name, limit, pairs }) && isCutMeasured(table, name);
    const isMet = Number.isFinite(figure) && isEnough && (isMost ? figure <= limit : figure >= limit);
    return [{ name, limit, figure: Number.isFinite(figure) ? figure : null, pairs, isEnough, isMet }];
  });
}

/** Whether the cut of `t3` and `t4` is where it is by wrong pairs enough. */
function isCutMeasured({ rows: [everyone] }: CohortTable, name: string): boolean {
  const rate = { t3Min: 1e-3, t4Min: 1e-4 }[name];
  return rate === undefined || rate * (everyone?.pairs ?? 0) >= wrongMin;
}

function figureOf({ worstRegion, ...summary }: Summary, limitName: string): number {
  const name = limitName.replace(/M(ax|in)$/, '');
  if (name === 'worstRegion') return worstRegion?.rate ?? Number.NaN;
  return new Map(Object.entries(summary)).get(name) ?? Number.NaN;
}

function pairsBehind({ rows, counts }: CohortTable, { worstRegion }: Summary) {
  const row = (name: string) => rows.find((candidate) => candidate.name === name)?.pairs ?? 0;
  const pairsOf = new Map([
    ['measuredMax', row('everyone')],
    ['worstRegionMax', worstRegion?.pairs ?? 0],
    ['groupsToPortraitsMax', row('group faces × portraits')],
    ['withinAt95Max', row('within one photo')],
    ['foundThreeMin', counts.threes],
    ['rank1Min', counts.probes],
  ]);
  return (name: string) => pairsOf.get(name) ?? counts.truePairs;
}
