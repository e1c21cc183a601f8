import { expect, test } from 'vitest';
import { faceAt } from '../testing/synthetic-crowd.ts';
import { startingCohort } from './cohorts.ts';
import type { CrowdFaces } from './measure-faces.ts';
import { comparePairs } from './near-pairs.ts';

const stop = new AbortController().signal;

type Shot = readonly [person: number, at: number | undefined, isSure?: boolean];

/** Portraits on a line. */
function crowdOf(shots: readonly Shot[], groups: readonly (readonly [photo: number, at: number])[] = []): CrowdFaces {
  return {
    people: [...new Set(shots.map(([person]) => person))].map((person) => ({ name: `${person}`, region: undefined })),
    portraits: shots.map(([person, at, isSure]) => ({
      person,
      file: 'face.jpg',
      face: at === undefined ? undefined : faceAt([at], isSure),
    })),
    groupFaces: groups.map(([photo, at]) => ({ photo, face: faceAt([at]) })),
    photoCount: 2,
  };
}

const compare = (crowd: CrowdFaces, withUnsure = false) =>
  comparePairs(crowd, startingCohort(crowd, undefined), { stop, withUnsure });
const rounded = (distances: Float64Array) => [...distances].map((distance) => Number(distance.toFixed(3)));

test('portraits of two people are strangers, those of one are a true pair, faces of one photo are apart', async () => {
  const near = await compare(
    crowdOf(
      [
        [0, 0],
        [0, 1],
        [1, 3],
      ],
      [
        [0, 5],
        [0, 5.5],
        [1, 9],
      ],
    ),
  );
  expect(rounded(near.strangers.distances)).toEqual([2, 3]);
  expect(rounded(near.trues.distances)).toEqual([1]);
  expect(rounded(near.within.distances)).toEqual([0.5]);
  expect(rounded(near.crossing.distances)).toEqual([2, 2.5, 4, 4.5, 5, 5.5, 6, 8, 9]);
});

test('a portrait of one with four is judged by the three others, and nobody with three photos is', async () => {
  const near = await compare(
    crowdOf([
      [0, 0],
      [0, 4],
      [0, 5],
      [0, 0.25],
      [1, 9],
      [1, 9],
      [1, 9],
    ]),
  );
  expect([...near.threes.left].sort()).toEqual([0, 1, 2, 3]);
  // Each by what the three have in common: their middle.
  expect(rounded(near.threes.distances)).toEqual([2.25, 2.75, 3.083, 3.583]);
  const five = await compare(
    crowdOf([
      [0, 0],
      [0, 4],
      [0, 5],
      [0, 6],
      [0, 0.25],
    ]),
  );
  expect(rounded(five.threes.distances)).toEqual([0.333, 1.667, 2.75, 3, 5]);
});

test('a face that may not decide is in no wrong pair, and its true pairs are not found', async () => {
  const crowd = crowdOf([
    [0, 0],
    [0, 1, false],
    [0, undefined],
    [1, 3],
  ]);
  const near = await compare(crowd);
  expect(rounded(near.strangers.distances)).toEqual([3]);
  expect([...near.trues.distances]).toEqual([Infinity, Infinity, Infinity]);
  const included = await compare(crowd, true);
  expect(rounded(included.strangers.distances)).toEqual([2, 3]);
  expect([...included.trues.distances]).toEqual([1, Infinity, Infinity]);
});

test('a portrait is first when no other person’s first photo is nearer than that of its own', async () => {
  const near = await compare(
    crowdOf([
      [0, 0],
      [0, 1],
      [0, 2.5],
      [1, 3],
      [1, 2.9],
      [1, undefined],
    ]),
  );
  expect(near.probes).toEqual([
    { portrait: 1, isFirst: true },
    { portrait: 2, isFirst: false },
    { portrait: 4, isFirst: true },
    { portrait: 5, isFirst: false },
  ]);
});

test('a comparison that is stopped ends', async () => {
  const crowd = crowdOf([
    [0, 0],
    [1, 1],
  ]);
  await expect(comparePairs(crowd, startingCohort(crowd, undefined), { stop: AbortSignal.abort() })).rejects.toThrow(
    'aborted',
  );
});
