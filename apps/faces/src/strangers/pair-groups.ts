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
  const { people, portraits, groupFaces, photoCount } = crowd;
  const one = people.length + photoCount;
  const regionOf = people.map(({ region }) => region);
  const regions = [...new Set(regionOf.filter((region) => region !== undefined))].sort();
  const personOf = portraits.map(({ person }) => person);
  const photoUnitOf = groupFaces.map(({ photo }) => people.length + photo);
  const [inPortraits, inPhotos] = [new Float64Array(one + 1), new Float64Array(one + 1)];
  for (const [i, person] of personOf.entries()) if (near.usesPortrait[i]) add(inPortraits, person, 1);
  for (const [i, unit] of photoUnitOf.entries()) if (near.usesGroupFace[i]) add(inPhotos, unit, 1);

  const among = (who: (person: number) => boolean) => (weights: Weights) =>
    betweenPeople(inPortraits, weights, who, people.length);
  const strangers = (name: string, region: (region: string | undefined) => boolean): PairGroup => {
    const isOf = (person: number) => region(regionOf[person]);
    const belongs = (a: number, b: number) => isOf(personOf[a] ?? -1) && isOf(personOf[b] ?? -1);
    return groupOf(name, filterPairs(near.strangers, belongs), personOf, personOf, among(isOf));
  };
  const trues = (name: string, pairs: SortedPairs): PairGroup => ofOneUnit(name, pairs, personOf, one);
  const truesAmong = (name: string, isOf: (region: string | undefined) => boolean): PairGroup =>
    trues(
      name,
      filterPairs(near.trues, (a) => isOf(regionOf[personOf[a] ?? -1])),
    );
  const ofRegions = regions.map((name) => strangers(name, (region) => region === name));
  const sameRegion = (a: number, b: number) => {
    const region = regionOf[personOf[a] ?? -1];
    return region !== undefined && region === regionOf[personOf[b] ?? -1];
  };
  return {
    unitCount: { people: people.length, photos: photoCount },
    everyone: groupOf(
      'everyone',
      near.strangers,
      personOf,
      personOf,
      among(() => true),
    ),
    notAsian: strangers('not Asian', (region) => region === undefined),
    regions: ofRegions,
    oneRegion: groupOf('one region', filterPairs(near.strangers, sameRegion), personOf, personOf, (weights) =>
      ofRegions.reduce((sum, group) => sum + group.weightOf(weights), 0),
    ),
    withinPhoto: ofOneUnit('within one photo', near.within, photoUnitOf, one),
    groupsToPortraits: groupOf(
      'group faces × portraits',
      near.crossing,
      photoUnitOf,
      personOf,
      (weights) => dot(inPhotos, weights) * dot(inPortraits, weights),
    ),
    trues: trues('true pairs', near.trues),
    truesOfRegions: regions.map((name) => truesAmong(name, (region) => region === name)),
    truesOfOneRegion: truesAmong('one region', (region) => region !== undefined),
    threes: trues('three enrolled', near.threes),
    probes: near.probes.map(({ portrait, isFirst }) => ({ unit: personOf[portrait] ?? one, isFirst })),
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
  for (const face of pairs.left) add(counts, unitOf[face] ?? one, 1);
  const { distances, left } = pairs;
  const leftUnits = left.map((face) => unitOf[face] ?? 0);
  const rightUnits = new Uint32Array(left.length).fill(one);
  return { name, distances, leftUnits, rightUnits, weightOf: (weights) => dot(counts, weights) };
}

/** All pairs of portraits of two people: the square of their sum without those of one person, each pair once. */
function betweenPeople(
  portraitCounts: Float64Array,
  weights: Weights,
  isOf: (person: number) => boolean,
  peopleCount: number,
): number {
  let [sum, own] = [0, 0];
  for (let person = 0; person < peopleCount; person++) {
    if (!isOf(person)) continue;
    const weight = (portraitCounts[person] ?? 0) * (weights[person] ?? 0);
    sum += weight;
    own += weight * weight;
  }
  return (sum * sum - own) / 2;
}

function dot(counts: Float64Array, weights: Weights): number {
  return counts.reduce((sum, count, unit) => sum + count * (weights[unit] ?? 0), 0);
}

function add(counts: Float64Array, unit: number, by: number): void {
  counts[unit] = (counts[unit] ?? 0) + by;
}
