import { DRAWS, evenWeights, type Measured, measureWithIntervals } from './bootstrap.ts';
import type { Cut } from './default-cut.ts';
import type { CrowdGroups, PairGroup, Weights } from './pair-groups.ts';
import { countWithin, distanceAtRate, distanceFinding, equalErrorRate, rateWithin } from './rates.ts';

/** Wrong pairs that must have been seen before a rate counts as measured (Doddington's rule of 30). */
export const wrongMin = 30;
/** Of true pairs, at the cut for which within-photo pairs are judged. */
const FOUND_SHARE = 0.95;
/** With no wrong pair among n independent ones, the rate is below 3 / n with 95 % confidence. */
const ruleOfThree = 3;

/** A rate of wrong pairs at one cut. */
export interface WrongRate extends Measured {
  readonly wrong: number;
  /** The upper 95 % bound where too few wrong pairs stand behind the rate; its kind says where it comes from. */
  readonly bound?: { readonly rate: number; readonly kind: 'over people' | 'rule of three' };
}

export interface GroupRow {
  readonly name: string;
  readonly pairs: number;
  /** In the order of the cuts. */
  readonly rates: readonly WrongRate[];
}

/** A true-match rate at a measured false-match rate of one group. */
export interface RegionFound extends Measured {
  readonly name: string;
  readonly truePairs: number;
  /** Fewer than 30 wrong pairs lie below its cut. */
  readonly isExtrapolated: boolean;
}

export type FigureName = 'foundOne' | 'foundThree' | 't3' | 't4' | 'rank1' | 'eer' | 'withinAt95';

/** What one cohort gives. */
export interface CohortTable {
  readonly cuts: readonly [Cut, ...Cut[]];
  readonly rows: readonly GroupRow[];
  /** Which of the rows are regions. */
  readonly regions: readonly string[];
  readonly found: Readonly<Record<FigureName, Measured>>;
  /** `t3` within all regions and within each, at the rate measured there. */
  readonly foundInRegions: readonly RegionFound[];
  readonly counts: { readonly truePairs: number; readonly threes: number; readonly probes: number };
  /** Cuts at which the figures were measured. */
  readonly distances: { readonly t3: number; readonly t4: number; readonly at95: number };
}

/** Everyone first, then the groups; a group without pairs is left out. */
export function listGroups(groups: CrowdGroups): PairGroup[] {
  const { everyone, notAsian, regions, oneRegion, withinPhoto, groupsToPortraits } = groups;
  const all = regions.length === 0 ? [everyone] : [everyone, notAsian, ...regions, oneRegion];
  return [...all, withinPhoto, groupsToPortraits].filter(({ distances }) => distances.length > 0);
}

/** The rates, with their intervals, of one cohort's pairs. */
export async function measureTable(
  groups: CrowdGroups,
  cuts: readonly [Cut, ...Cut[]],
  cutOfThree: number,
  stop: AbortSignal,
  draws = DRAWS,
): Promise<CohortTable> {
  const listed = listGroups(groups);
  const regions = regionsOf(groups);
  const of = await measureWithIntervals(groups.unitCount, figuresIn(groups, cuts, cutOfThree), stop, draws);
  return {
    cuts,
    rows: listed.map((group, g) => ({
      name: group.name,
      pairs: group.distances.length,
      rates: cuts.map(({ distance }, c) => wrongRate(group, distance, of(rateName(g, c)), of(strictName(g)))),
    })),
    regions: groups.regions.map(({ name }) => name),
    found: {
      foundOne: of('foundOne'),
      foundThree: of('foundThree'),
      t3: of('t3'),
      t4: of('t4'),
      rank1: of('rank1'),
      eer: of('eer'),
      withinAt95: of('withinAt95'),
    },
    foundInRegions: regions.map(({ strangers, trues }, r) => ({
      name: strangers.name,
      truePairs: trues.distances.length,
      isExtrapolated: 1e-3 * strangers.distances.length < wrongMin,
      ...of(regionName(r)),
    })),
    counts: {
      truePairs: groups.trues.distances.length,
      threes: groups.threes.distances.length,
      probes: groups.probes.length,
    },
    distances: measuredCuts(groups),
  };
}

const rateName = (group: number, cut: number) => `rate ${group} ${cut}`;
const strictName = (group: number) => `strict ${group}`;
const regionName = (region: number) => `region ${region}`;

/** All figures of a draw, by name. */
function figuresIn(groups: CrowdGroups, cuts: readonly [Cut, ...Cut[]], cutOfThree: number) {
  const at = { one: cuts[0].distance, three: cutOfThree };
  const listed = listGroups(groups);
  const regions = regionsOf(groups);
  // Where 30 wrong pairs lie, an interval tells how far pairs lean on each other.
  const strictest = listed.map(({ distances }) => distances[Math.min(wrongMin, distances.length) - 1] ?? 0);
  return (weights: Weights): ReadonlyMap<string, number> => {
    const figures = new Map<string, number>(Object.entries(foundFigures(groups, at, weights)));
    for (const [g, group] of listed.entries()) {
      for (const [c, { distance }] of cuts.entries()) figures.set(rateName(g, c), rateWithin(group, distance, weights));
      figures.set(strictName(g), rateWithin(group, strictest[g] ?? 0, weights));
    }
    for (const [r, { strangers, trues }] of regions.entries()) {
      figures.set(regionName(r), rateWithin(trues, distanceAtRate(strangers, 1e-3, weights), weights));
    }
    return figures;
  };
}

function measuredCuts({ unitCount, everyone, trues }: CrowdGroups): CohortTable['distances'] {
  const even = evenWeights(unitCount);
  return {
    t3: distanceAtRate(everyone, 1e-3, even),
    t4: distanceAtRate(everyone, 1e-4, even),
    at95: distanceFinding(trues, FOUND_SHARE, even),
  };
}

function regionsOf({ regions, oneRegion, truesOfRegions, truesOfOneRegion }: CrowdGroups) {
  const each = regions.flatMap((strangers, i) => {
    const trues = truesOfRegions[i];
    return trues === undefined ? [] : [{ strangers, trues }];
  });
  const all = [{ strangers: oneRegion, trues: truesOfOneRegion }, ...each];
  return all.filter(({ strangers, trues }) => strangers.distances.length > 0 && trues.distances.length > 0);
}

/** The figures about finding, of one draw. */
export function foundFigures(
  groups: CrowdGroups,
  cut: { one: number; three: number },
  weights: Weights,
): Record<FigureName, number> {
  const { everyone, trues, threes, withinPhoto, probes } = groups;
  let [first, all] = [0, 0];
  for (const { unit, isFirst } of probes) {
    all += weights[unit] ?? 0;
    if (isFirst) first += weights[unit] ?? 0;
  }
  return {
    foundOne: rateWithin(trues, cut.one, weights),
    foundThree: rateWithin(threes, cut.three, weights),
    t3: rateWithin(trues, distanceAtRate(everyone, 1e-3, weights), weights),
    t4: rateWithin(trues, distanceAtRate(everyone, 1e-4, weights), weights),
    rank1: first / all,
    eer: equalErrorRate(everyone, trues, weights),
    withinAt95: rateWithin(withinPhoto, distanceFinding(trues, FOUND_SHARE, weights), weights),
  };
}

/** `strict` is the rate at the strictest cut that was measured. */
function wrongRate(group: PairGroup, distance: number, measured: Measured, strict: Measured): WrongRate {
  const wrong = countWithin(group, distance);
  if (wrong >= wrongMin) return { ...measured, wrong };
  const least = ruleOfThree / effectivePairs(group.distances.length, strict);
  const isOverPeople = wrong > 0 && measured.high >= least;
  const bound = isOverPeople
    ? ({ rate: measured.high, kind: 'over people' } as const)
    : ({ rate: Math.min(least, 1), kind: 'rule of three' } as const);
  return { ...measured, wrong, bound };
}

/** As many independent pairs would move as far as these do when people are drawn anew. */
function effectivePairs(pairs: number, { value, variance }: Measured): number {
  if (variance === 0 || value >= 1) return pairs;
  return Math.min(pairs, (value * (1 - value)) / variance);
}
