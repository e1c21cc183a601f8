import { falseMatchRate } from '@kilas/face-engine/distances/level.ts';

/** Two faces of different people. */
export interface Pair {
  readonly distance: number;
  /** Pairs of one group lean on each other: those of one photo, or of the same person. */
  readonly group: string;
}

export interface StrangerModel {
  readonly model: 'normal';
  readonly mean: number;
  readonly sd: number;
}

export interface Fit {
  readonly strangers: StrangerModel;
  readonly pairCount: number;
  readonly groupCount: number;
  /** The nearest pair: nearer than this nothing was measured. */
  readonly nearestDistance: number;
  /** Pairs up to this distance shape the curve; farther ones are only counted. */
  readonly tailDistance: number;
  /** 95 % interval of the rate at a distance, from groups drawn anew; undefined with too few of them. */
  rateInterval(distance: number): { low: number; high: number } | undefined;
}

/** Share of the pairs, the nearest ones, that shape the curve: how the others lie says nothing of false matches. */
const tailShare = 0.2;
/** With fewer groups a draw of them says little. */
export const GROUPS_MIN = 12;
const DRAWS = 400;
const stepsMax = 5_000;

interface Tally {
  count: number;
  tailCount: number;
  sum: number;
  squares: number;
}

/**
 * Fits a normal distribution to the near tail of the distances of different people: distances up to the quantile tailShare as
 * they are, the others as censored there (maximum likelihood by EM; A. P. Dempster et al. 1977, example 4.3). How sure it is
 * comes from drawing whole groups with replacement, since pairs of one group are not independent. Throws without pairs.
 */
export function fitStrangers(pairs: readonly Pair[], random: () => number = seededRandom(1)): Fit {
  const distances = pairs.map(({ distance }) => distance).sort((a, b) => a - b);
  const [nearestDistance] = distances;
  const tailDistance = distances[Math.floor((distances.length - 1) * tailShare)];
  if (nearestDistance === undefined || tailDistance === undefined) throw new Error('there are no pairs to fit to');
  const groups = [...tallyGroups(pairs, tailDistance).values()];
  const strangers = fitTail(sumTallies(groups), tailDistance);
  const drawn: StrangerModel[] = [];
  for (let draw = 0; groups.length >= GROUPS_MIN && draw < DRAWS; draw++) {
    const picked = groups.map(() => groups[Math.floor(random() * groups.length)] ?? emptyTally());
    drawn.push(fitTail(sumTallies(picked), tailDistance));
  }
  return {
    strangers,
    pairCount: pairs.length,
    groupCount: groups.length,
    nearestDistance,
    tailDistance,
    rateInterval: (distance) => {
      if (drawn.length === 0) return undefined;
      const rates = drawn.map((model) => falseMatchRate({ strangers: model }, distance)).sort((a, b) => a - b);
      const at = (share: number) => rates[Math.floor((rates.length - 1) * share)] ?? 0;
      return { low: at(0.025), high: at(0.975) };
    },
  };
}

/** The curve moved nearer until it gives `rate` at the distance: the same spread, strangers who are more alike. */
export function movedTo(strangers: StrangerModel, distance: number, rate: number): StrangerModel {
  let [low, high] = [0, 4 * strangers.mean];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (falseMatchRate({ strangers: { ...strangers, mean: middle } }, distance) > rate) low = middle;
    else high = middle;
  }
  return { ...strangers, mean: low };
}

function fitTail(tally: Tally, tailDistance: number): StrangerModel {
  const { count, tailCount, sum, squares } = tally;
  const censored = count - tailCount;
  let mean = tailDistance + 0.05;
  let sd = 0.08;
  for (let step = 0; step < stepsMax; step++) {
    const z = (tailDistance - mean) / sd;
    const beyond = 1 - falseMatchRate({ strangers: { model: 'normal', mean, sd } }, tailDistance);
    const hazard = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI) / Math.max(beyond, 1e-12);
    const expected = mean + sd * hazard;
    const expectedSquare = mean * mean + sd * sd + sd * hazard * (tailDistance + mean);
    const nextMean = (sum + censored * expected) / count;
    const nextSd = Math.sqrt(Math.max((squares + censored * expectedSquare) / count - nextMean * nextMean, 1e-8));
    const change = Math.abs(nextMean - mean) + Math.abs(nextSd - sd);
    [mean, sd] = [nextMean, nextSd];
    if (change < 1e-8) break;
  }
  return { model: 'normal', mean, sd };
}

function tallyGroups(pairs: readonly Pair[], tailDistance: number): Map<string, Tally> {
  const groups = new Map<string, Tally>();
  for (const { distance, group } of pairs) {
    const tally = groups.get(group) ?? emptyTally();
    groups.set(group, tally);
    tally.count += 1;
    if (distance > tailDistance) continue;
    tally.tailCount += 1;
    tally.sum += distance;
    tally.squares += distance * distance;
  }
  return groups;
}

function sumTallies(tallies: readonly Tally[]): Tally {
  const total = emptyTally();
  for (const { count, tailCount, sum, squares } of tallies) {
    total.count += count;
    total.tailCount += tailCount;
    total.sum += sum;
    total.squares += squares;
  }
  return total;
}

function emptyTally(): Tally {
  return { count: 0, tailCount: 0, sum: 0, squares: 0 };
}

/** The same draws in every run: mulberry32. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
