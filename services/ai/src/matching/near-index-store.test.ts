import { newId } from '@kilas/platform/process/ids.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cutOffUntil } from '../claims/cut-off.ts';
import { storeFaces } from '../faces/store-faces.ts';
import { type FaceDatabase, openFaceDatabase } from '../testing/open-face-database.ts';
import { faceWith, likenessOf, newPerson } from '../testing/synthetic-faces.ts';
import { addFacecam, addPhoto, packId, photosOf, takePhoto } from '../testing/synthetic-steps.ts';
import { eraseMember } from '../withdrawals/erase-member.ts';
import { keepIndexes } from './index-upkeep.ts';
import { listNearFaces } from './match-store.ts';
import { createNearIndex, dropNearIndex, hasNearIndex, listMissingIndexes } from './near-index-store.ts';
import { proposeFaces } from './propose.ts';

const faceCount = 1500;
const dimension = 128;
let database: FaceDatabase;

beforeAll(async () => {
  database = await openFaceDatabase();
  const { db } = database;
  for (let i = 0; i < faceCount; i += 250) await addPhoto(db, Array.from({ length: 250 }, newPerson));
  await keepIndexes(db, { ...upkeep(), exactMax: 100 });
});

const upkeep = () => ({ ownerUrl: database.url, memoryMbMax: 256, log: { info: () => {}, warn: () => {} } });

afterAll(() => database?.close());

test('an index is made where more is stored than is searched exactly, and nowhere else', async () => {
  const { db } = database;
  expect(await hasNearIndex(db, packId)).toBe(true);
  expect(await listMissingIndexes(db, 100)).toEqual([]);
  await dropNearIndex(db, packId);
  expect(await listMissingIndexes(db, 100_000)).toEqual([]);
  expect(await listMissingIndexes(db, 100)).toEqual([{ packId, dimension }]);
  expect(await keepIndexes(db, { ...upkeep(), exactMax: 100 })).toBe(true);
  expect(await hasNearIndex(db, packId)).toBe(true);
});

test('through the index a new facecam finds every photo of its member, however many they are', async () => {
  const { db } = database;
  const person = newPerson();
  const photoIds = [];
  for (let i = 0; i < 400; i++) photoIds.push(await takePhoto(db, [likenessOf(person, 0.0014 * i)]));
  const { memberId, facecamId } = await addFacecam(db, person);
  const proposed = (await proposeFaces(db, facecamId)).get(packId) ?? [];
  // More than the first step of the index, and fewer than are stored.
  expect(proposed.length).toBeGreaterThan(400);
  expect(proposed.length).toBeLessThan(faceCount);
  expect(await photosOf(db, memberId)).toEqual(photoIds.sort());
});

test('what is stored after the index was made is proposed, and what was erased is not', async () => {
  const { db } = database;
  const person = newPerson();
  const { memberId, facecamId } = await addFacecam(db, person);
  const photoId = await addPhoto(db, [likenessOf(person, 0.2)]);
  expect(await photosOf(db, memberId)).toEqual([photoId]);
  const before = await listNearFaces(db, facecamId, await proposeFaces(db, facecamId));
  expect(before).toHaveLength(1);
  await db.transaction().execute((tx) => eraseMember(tx, { memberId, epoch: 1 }, cutOffUntil(new Date(), new Date())));
  const later = await addPhoto(db, [likenessOf(person, 0.3)]);
  const again = await addFacecam(db, person, { memberId, consentEpoch: 2 });
  const proposed = (await proposeFaces(db, again.facecamId)).get(packId) ?? [];
  expect(proposed.length).toBeGreaterThan(0);
  expect(proposed).not.toContain(before[0]?.faceId);
  expect(await photosOf(db, memberId)).toEqual([later]);
});

test('who finds nobody for sure through the index is searched for exactly', async () => {
  const { db } = database;
  const person = newPerson();
  const photoId = await takePhoto(db, [likenessOf(person, 0.55)]);
  const { memberId, facecamId } = await addFacecam(db, person);
  expect(await proposeFaces(db, facecamId)).toEqual(new Map());
  expect(await photosOf(db, memberId)).toEqual([photoId]);
  await takePhoto(db, [likenessOf(person, 0.3)]);
  expect((await proposeFaces(db, facecamId)).has(packId)).toBe(true);
});

test('an index that ends before the cut leaves the search to the exact one', async () => {
  const { db } = database;
  const small = { creatorId: newId(), eventId: null, packId: 'small-pack', processedKey: 'any' };
  const person = newPerson();
  const photoId = newId();
  await storeFaces(db, { ...small, photoId }, [faceWith(likenessOf(person, 0.2))], new Date());
  await createNearIndex(db, { packId: 'small-pack', dimension });
  const { memberId, facecamId } = await addFacecam(db, person, { packId: 'small-pack' });
  // All that there is lies within the cut: nothing says that it was passed.
  expect(await proposeFaces(db, facecamId)).toEqual(new Map());
  expect(await photosOf(db, memberId)).toEqual([photoId]);
});
