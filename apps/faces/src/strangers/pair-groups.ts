import type { CrowdFaces } from './measure-faces.ts';
import type { NearPairs } from './near-pairs.ts';
import { filterPairs, type SortedPairs } from './sorted-pairs.ts';

/** How often each unit was drawn: people first, then group photos, and one last that counts once in every draw. */
export type Weights = Float64Array;

/** Pairs of which a rate is told. A pair weighs as often as its two units were drawn, one times the other. */
export interface PairGroup {
  readonly name: string;
  /** By rising distance. */
  readonly distances: Float64Array;
  readonly leftUnits: Uint32Array;
  readonly rightUnits: Uint32Array;
  /** What all pairs of the group weigh together. */
  weightOf(weights: Weights): number;
}

/** The groups of a crowd: pairs of strangers, and pairs of one person. */
export interface CrowdGroups {
  readonly unitCount: { readonly people: number; readonly photos: number };
  readonly everyone: PairGroup;
  readonly notAsian: PairGroup;
  readonly regions: readonly PairGroup[];
  /** Pairs within one region, of all regions. */
  readonly oneRegion: PairGroup;
  readonly withinPhoto: PairGroup;
  readonly groupsToPortraits: PairGroup;
  readonly trues: PairGroup;
  /** True pairs of the people of each region, and of all of them. */
  readonly truesOfRegions: readonly PairGroup[];
  readonly truesOfOneRegion: PairGroup;
  readonly threes: PairGroup;
  readonly probes: readonly { readonly unit: number; readonly isFirst: boolean }[];
}

/** Sorts the pairs of a crowd into the groups whose rates are told. */
export function groupPairs(crowd: CrowdFaces, near: NearPairs): CrowdGroups {
  const units = unitsOf(crowd, near);
  return {
    unitCount: { people: crowd.people.length, photos: crowd.photoCount },
    ...groupStrangers(near, units),
    ...groupPhotos(near, units),
    ...groupTrues(near, units),
    probes: near.probes.map(({ portrait, isFirst }) => ({ unit: units.personOf[portrait] ?? units.one, isFirst })),
  };
}

/** Who is drawn, and what of them takes part in pairs of strangers. */
interface Units {
  /** By portrait, and by group face. */
  readonly personOf: readonly number[];
  readonly photoOf: readonly number[];
  /** By person. */
  readonly regionOf: readonly (string | undefined)[];
  readonly regions: readonly string[];
  /** The unit that counts once in every draw; the last one. */
  readonly one: number;
  /** By unit. */
  readonly portraitCounts: Float64Array;
  readonly groupFaceCounts: Float64Array;
}

function unitsOf({ people, portraits, groupFaces, photoCount }: CrowdFaces, near: NearPairs): Units {
  const one = people.length + photoCount;
  const personOf = portraits.map(({ person }) => person);
  const photoOf = groupFaces.map(({ photo }) => people.length + photo);
  const countUnits = (unitOf: readonly number[], uses: readonly boolean[]) => {
    const counts = new Float64Array(one + 1);
    for (const [face, unit] of unitOf.entries()) if (uses[face]) counts[unit] = (counts[unit] ?? 0) + 1;
    return counts;
  };
  const regionOf = people.map(({ region }) => region);
  return {
    personOf,
    photoOf,
    regionOf,
    regions: [...new Set(regionOf.filter((region) => region !== undefined))].sort(),
    one,
    portraitCounts: countUnits(personOf, near.usesPortrait),
    groupFaceCounts: countUnits(photoOf, near.usesGroupFace),
  };
}

function groupStrangers({ strangers }: NearPairs, { personOf, regionOf, regions, portraitCounts }: Units) {
  const regionAt = (portrait: number) => regionOf[personOf[portrait] ?? -1];
  const among = (name: string, isOf: (region: string | undefined) => boolean): PairGroup => {
    const pairs = filterPairs(strangers, (a, b) => isOf(regionAt(a)) && isOf(regionAt(b)));
    const counts = portraitCounts.map((count, unit) => (isOf(regionOf[unit]) ? count : 0));
    return groupOf(name, pairs, personOf, personOf, (weights) => betweenPeople(counts, weights));
  };
  const ofRegions = regions.map((name) => among(name, (region) => region === name));
  const isOneRegion = (a: number, b: number) => regionAt(a) !== undefined && regionAt(a) === regionAt(b);
  const weightOfRegions = (weights: Weights) => ofRegions.reduce((sum, group) => sum + group.weightOf(weights), 0);
  return {
    everyone: among('everyone', () => true),
    notAsian: among('not Asian', (region) => region === undefined),
    regions: ofRegions,
    oneRegion: groupOf('one region', filterPairs(strangers, isOneRegion), personOf, personOf, weightOfRegions),
  };
}

function groupPhotos({ within, crossing }: NearPairs, units: Units) {
  const { personOf, photoOf, one, portraitCounts, groupFaceCounts } = units;
  const weightOf = (weights: Weights) => dot(groupFaceCounts, weights) * dot(portraitCounts, weights);
  return {
    withinPhoto: ofOneUnit('within one photo', within, photoOf, one),
    groupsToPortraits: groupOf('group faces × portraits', crossing, photoOf, personOf, weightOf),
  };
}

function groupTrues({ trues, threes }: NearPairs, { personOf, regionOf, regions, one }: Units) {
  const among = (name: string, isOf: (region: string | undefined) => boolean): PairGroup => {
    const pairs = filterPairs(trues, (portrait) => isOf(regionOf[personOf[portrait] ?? -1]));
    return ofOneUnit(name, pairs, personOf, one);
  };
  return {
    trues: among('true pairs', () => true),
    truesOfRegions: regions.map((name) => among(name, (region) => region === name)),
    truesOfOneRegion: among('one region', (region) => region !== undefined),
    threes: ofOneUnit('three enrolled', threes, personOf, one),
  };
}

function groupOf(
  name: string,
  { distances, left, right }: SortedPairs,
  leftUnitOf: readonly number[],
  rightUnitOf: readonly number[],
  weightOf: PairGroup['weightOf'],
): PairGroup {
  const leftUnits = left.map((face) => leftUnitOf[face] ?? 0);
  return { name, distances, leftUnits, rightUnits: right.map((face) => rightUnitOf[face] ?? 0), weightOf };
}

/** Pairs that weigh as often as the one person, the one photo was drawn that they are of. */
function ofOneUnit(name: string, pairs: SortedPairs, unitOf: readonly number[], one: number): PairGroup {
  const counts = new Float64Array(one + 1);
  for (const face of pairs.left) counts[unitOf[face] ?? one] = (counts[unitOf[face] ?? one] ?? 0) + 1;
  const { distances, left } = pairs;
  const leftUnits = left.map((face) => unitOf[face] ?? 0);
  const rightUnits = new Uint32Array(left.length).fill(one);
  return { name, distances, leftUnits, rightUnits, weightOf: (weights) => dot(counts, weights) };
}

/** All pairs of portraits of two people: the square of their sum without those of one person, each pair once. */
function betweenPeople(portraitCounts: Float64Array, weights: Weights): number {
  let [sum, own] = [0, 0];
  for (const [person, count] of portraitCounts.entries()) {
    const weight = count * (weights[person] ?? 0);
    sum += weight;
    own += weight * weight;
  }
  return (sum * sum - own) / 2;
}

function dot(counts: Float64Array, weights: Weights): number {
  return counts.reduce((sum, count, unit) => sum + count * (weights[unit] ?? 0), 0);
}
