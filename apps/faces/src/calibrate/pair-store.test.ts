import { normalisedDistance, type TypicalFace } from '@kilas/ai/distances/normalised-distance.ts';
import { openFaceDatabase } from '@kilas/ai/testing/open-face-database.ts';
import { likenessOf, newPerson, unsureFaceWith } from '@kilas/ai/testing/synthetic-faces.ts';
import { packId, takePhoto } from '@kilas/ai/testing/synthetic-steps.ts';
import { insertTypicalFace } from '@kilas/ai/typical-faces/typical-face-store.ts';
import { afterAll, expect, test } from 'vitest';
import { FACES_PER_PHOTO_MAX, findUsualPack, listPairsWithinPhotos } from './pair-store.ts';

const { db, close } = await openFaceDatabase();
afterAll(close);

test('faces are compared within their photo alone, under one pack, in a bounded sample', async () => {
  const person = newPerson();
  const couple = await takePhoto(db, [person, likenessOf(person, 0.25)]);
  await takePhoto(db, [person]);
  await takePhoto(db, [person, person], { packId: 'another-pack' });
  const crowd = await takePhoto(db, Array.from({ length: FACES_PER_PHOTO_MAX + 8 }, newPerson));
  const pairs = await listPairsWithinPhotos(db, packId, 100);
  const [close, ...others] = pairs.filter(({ group }) => group === couple);
  expect(close?.distance).toBeCloseTo(0.25, 2);
  expect(others).toEqual([]);
  const inCrowd = pairs.filter(({ group }) => group === crowd);
  expect(inCrowd).toHaveLength((FACES_PER_PHOTO_MAX * (FACES_PER_PHOTO_MAX - 1)) / 2);
  expect(pairs).toHaveLength(1 + inCrowd.length);
  const sample = await listPairsWithinPhotos(db, packId, 1);
  expect(new Set(sample.map(({ group }) => group)).size).toBe(1);
  expect(await findUsualPack(db)).toBe(packId);
});

test('faces that may not decide are in no pair, and neither do they take the place of others', async () => {
  const person = newPerson();
  const unsure = Array.from({ length: FACES_PER_PHOTO_MAX }, () => unsureFaceWith(newPerson()));
  const photoId = await takePhoto(db, [person, ...unsure, likenessOf(person, 0.25)]);
  const pairs = await listPairsWithinPhotos(db, packId, 100);
  const [pair, ...others] = pairs.filter(({ group }) => group === photoId);
  expect(pair?.distance).toBeCloseTo(0.25, 2);
  expect(others).toEqual([]);
});

test('a pair is as near as the service takes it to be, under a pack with a typical face', async () => {
  const normalisedPack = 'normalised-pack';
  const [a, b] = [newPerson(), newPerson()];
  const typical: TypicalFace = { embedding: likenessOf(a, 0.3), usualDistance: 0.9 };
  await takePhoto(db, [a, b], { packId: normalisedPack });
  await insertTypicalFace(db, normalisedPack, typical, new Date());
  const [pair] = await listPairsWithinPhotos(db, normalisedPack, 100);
  expect(pair?.distance).toBeCloseTo(normalisedDistance(a, b, typical), 5);
  expect(pair?.distance).not.toBeCloseTo(normalisedDistance(a, b, undefined), 2);
});
