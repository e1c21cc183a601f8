import { expect, test } from 'vitest';
import { seededRandom } from '../calibrate/fit-strangers.ts';
import { makeCrowd } from '../testing/synthetic-crowd.ts';
import { drawWeights, evenWeights } from './bootstrap.ts';
import { startingCohort } from './cohorts.ts';
import { comparePairs } from './near-pairs.ts';
import { groupPairs, type PairGroup } from './pair-groups.ts';

const stop = new AbortController().signal;
const crowd = makeCrowd({
  photoCounts: [4, 1, 3, 2, 4, 1, 2],
  regions: ['east', 'east', 'south', undefined, undefined, 'south', 'east'],
  groupCounts: [3, 5, 2],
  unsureEvery: 9,
});
const groups = groupPairs(crowd, await comparePairs(crowd, startingCohort(crowd, undefined), { stop }));
const { everyone, notAsian, regions, oneRegion, withinPhoto, groupsToPortraits } = groups;
const all: PairGroup[] = [
  ...[everyone, notAsian, ...regions, oneRegion, withinPhoto, groupsToPortraits, groups.trues, groups.threes],
  ...[...groups.truesOfRegions, groups.truesOfOneRegion],
];

test('what a group weighs is what its pairs weigh, in every draw', () => {
  const random = seededRandom(2);
  for (const weights of [
    evenWeights(groups.unitCount),
    ...[1, 2, 3].map(() => drawWeights(groups.unitCount, random)),
  ]) {
    for (const { name, leftUnits, rightUnits, weightOf } of all) {
      const sum = leftUnits.reduce(
        (total, left, i) => total + (weights[left] ?? 0) * (weights[rightUnits[i] ?? 0] ?? 0),
        0,
      );
      expect([name, weightOf(weights)]).toEqual([name, sum]);
    }
  }
});

test('pairs within one region are those of each region, and the others are of two or of none', () => {
  expect(regions.map(({ name }) => name)).toEqual(['east', 'south']);
  const within = regions.reduce((sum, { distances }) => sum + distances.length, 0);
  expect(oneRegion.distances.length).toBe(within);
  expect(notAsian.distances.length + within).toBeLessThan(everyone.distances.length);
  const people = (group: PairGroup) => new Set([...group.leftUnits, ...group.rightUnits]);
  expect(people(notAsian)).toEqual(new Set([3, 4]));
});
