import type { PlacedFace } from '@kilas/ai/distances/normalised-distance.ts';
import { expect, test } from 'vitest';
import { makeCrowd } from '../testing/synthetic-crowd.ts';
import { foldOf, ownCohort } from './cohorts.ts';

const options = { stop: new AbortController().signal, onStep: () => {} };

test('nobody of a photo’s tenth has a part in the numbers of either side of its pairs', async () => {
  const crowd = makeCrowd({ photoCounts: [2, 1], groupCounts: Array.from({ length: 23 }, () => 4), unsureEvery: 7 });
  const photoOf = new Map(crowd.groupFaces.map(({ photo, face }) => [face.embedding, photo]));
  const sureCount = crowd.groupFaces.filter(({ face }) => face.isSure).length;
  const cohorts: (readonly Float32Array[])[] = [];
  // Farther from every face than any is from another: each face then tells by which of them it was placed.
  const compared = await ownCohort(crowd, options, (cohort) => {
    const size = cohort[0]?.length ?? 0;
    return { embedding: new Float32Array(size), usualDistance: 1_000 + cohorts.push(cohort) };
  });
  const cohortOf = (face: PlacedFace | undefined) =>
    cohorts[Math.round(Math.hypot(...(face?.embedding ?? [])) - (face?.beyondUsual ?? 0)) - 1_001] ?? [];
  for (const [i, { photo }] of crowd.groupFaces.entries()) {
    for (const side of [compared.groupFaces[i], ...compared.portraitsFor(photo)]) {
      const cohort = cohortOf(side);
      expect(cohort.length).toBeGreaterThan(0);
      expect(cohort.some((embedding) => foldOf(photoOf.get(embedding) ?? -1) === foldOf(photo))).toBe(false);
    }
  }
  for (const portrait of compared.portraits) expect(cohortOf(portrait)).toHaveLength(sureCount);
  const unsure = new Set(crowd.groupFaces.filter(({ face }) => !face.isSure).map(({ face }) => face.embedding));
  expect(cohorts.flat().some((embedding) => unsure.has(embedding))).toBe(false);
});
