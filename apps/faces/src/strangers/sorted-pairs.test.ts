import { expect, test } from 'vitest';
import { seededRandom } from '../calibrate/fit-strangers.ts';
import { filterPairs, PairList } from './sorted-pairs.ts';

test('pairs come by rising distance, each with its two faces, those of a missing face last', () => {
  const random = seededRandom(3);
  const given = Array.from({ length: 5_000 }, (_, i) => ({
    // No two at one distance.
    distance: (i + 0.9 * random()) / 2_000,
    left: i,
    right: 2 * i,
  }));
  const pairs = new PairList();
  pairs.add(Number.POSITIVE_INFINITY, 7, 9);
  const shuffled = given.toSorted((a, b) => ((a.left * 7_919) % 5_003) - ((b.left * 7_919) % 5_003));
  for (const { distance, left, right } of shuffled) pairs.add(distance, left, right);
  const { distances, left, right } = pairs.sorted();
  expect([...left]).toEqual([...given.map((pair) => pair.left), 7]);
  expect([...right]).toEqual([...given.map((pair) => pair.right), 9]);
  expect(distances.at(-1)).toBe(Number.POSITIVE_INFINITY);
  for (const [i, { distance }] of given.entries()) expect(distances[i]).toBeCloseTo(distance, 6);
});

test('some of the pairs keep their order and their faces', () => {
  const pairs = new PairList();
  for (const [distance, left] of [
    [0.3, 1],
    [0.1, 2],
    [0.2, 3],
  ] as const)
    pairs.add(distance, left, 10 + left);
  const { distances, left, right } = filterPairs(pairs.sorted(), (face) => face !== 3);
  expect([...left]).toEqual([2, 1]);
  expect([...right]).toEqual([12, 11]);
  expect(distances[1]).toBeCloseTo(0.3, 6);
});
