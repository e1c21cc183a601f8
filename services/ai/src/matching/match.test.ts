import { l2Distance } from '@kilas/face-engine/distances/distance.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { likenessOf as likenessBetween } from '../distances/normalised-distance.ts';
import { type FaceDatabase, openFaceDatabase } from '../testing/open-face-database.ts';
import { likenessOf, newPerson } from '../testing/synthetic-faces.ts';
import { addFacecam, addPhoto, photosOf, storeFacecam, takePhoto } from '../testing/synthetic-steps.ts';
import { matchFacecam } from './match-facecam.ts';
import { matchPhoto } from './match-photo.ts';
import { listMatchesByMember, listMatchesByPhoto } from './match-store.ts';

const roundCount = 40;
const page = { after: undefined, limit: 1000 };
let database: FaceDatabase;

beforeAll(async () => {
  database = await openFaceDatabase();
});

afterAll(() => database?.close());

test('a new photo is found by everyone enrolled who is in it, not by the first few', async () => {
  const { db } = database;
  const people = Array.from({ length: 12 }, newPerson);
  const members = [];
  for (const person of people) members.push(await addFacecam(db, person));
  const photoId = await addPhoto(
    db,
    people.map((person) => likenessOf(person, 0.4)),
  );
  const found = await listMatchesByPhoto(db, photoId, page);
  expect(found.map(({ memberId }) => memberId)).toEqual(members.map(({ memberId }) => memberId).sort());
});

test('a new facecam finds every photo in which its member is, not the nearest few', async () => {
  const { db } = database;
  const person = newPerson();
  const photoIds = [];
  for (let i = 0; i < 30; i++) photoIds.push(await addPhoto(db, [newPerson(), likenessOf(person, 0.02 * i)]));
  const { memberId } = await addFacecam(db, person);
  expect(await photosOf(db, memberId)).toEqual(photoIds.sort());
});

test('people outside the cut are not matched', async () => {
  const { db } = database;
  const person = newPerson();
  const { memberId } = await addFacecam(db, person);
  const near = await addPhoto(db, [likenessOf(person, 0.599)]);
  await addPhoto(db, [likenessOf(person, 0.601)]);
  expect(await photosOf(db, memberId)).toEqual([near]);
});

test('a member is in a photo once, by the face that is nearest to the likeness of their facecams', async () => {
  const { db } = database;
  const person = newPerson();
  const selfies = [likenessOf(person, 0.3), person];
  const older = await addFacecam(db, selfies[0] ?? person);
  const newer = await addFacecam(db, person, { memberId: older.memberId });
  const faces = [likenessOf(person, 0.45), likenessOf(person, 0.1), likenessOf(person, 0.5)];
  const photoId = await addPhoto(db, faces);
  const found = await listMatchesByPhoto(db, photoId, page);
  expect(found).toMatchObject([{ memberId: newer.memberId, facecamId: newer.facecamId, facecamCount: 2 }]);
  const nearest = l2Distance(likenessBetween(selfies), faces[1] ?? person);
  expect(found[0]?.distance).toBeCloseTo(nearest, 3);
});

test('several facecams find together whom each of them alone would miss', async () => {
  const { db } = database;
  const person = newPerson();
  // Each differs from the person in another way: 0.63 from the face, and 0.51 from each other.
  const [face, one, another] = [shifted(person, 0.52, 0), shifted(person, 0.36, 1), shifted(person, 0.36, 2)];
  const photoId = await addPhoto(db, [face]);
  const first = await addFacecam(db, one);
  expect(await photosOf(db, first.memberId)).toEqual([]);
  const alone = await addFacecam(db, another);
  expect(await photosOf(db, alone.memberId)).toEqual([]);
  await addFacecam(db, another, { memberId: first.memberId });
  expect(await photosOf(db, first.memberId)).toEqual([photoId]);
});

test('what a facecam found stays found by it where another one brings nothing nearer', async () => {
  const { db } = database;
  const person = newPerson();
  const photoId = await addPhoto(db, [person]);
  const first = await addFacecam(db, likenessOf(person, 0.01));
  await addFacecam(db, likenessOf(person, 0.4), { memberId: first.memberId });
  expect(await listMatchesByMember(db, first.memberId, page)).toMatchObject([{ photoId, facecamId: first.facecamId }]);
});

test('one face belongs to both twins', async () => {
  const { db } = database;
  const face = newPerson();
  const one = await addFacecam(db, likenessOf(face, 0.2));
  const photoId = await addPhoto(db, [face]);
  const other = await addFacecam(db, likenessOf(face, 0.3));
  const found = await listMatchesByPhoto(db, photoId, page);
  expect(found.map(({ memberId }) => memberId)).toEqual([one.memberId, other.memberId].sort());
});

test("a creator's own photos never match the creator", async () => {
  const { db } = database;
  const person = newPerson();
  const creatorId = newId();
  await addPhoto(db, [person], { creatorId });
  await addFacecam(db, person, { memberId: creatorId });
  await addPhoto(db, [person], { creatorId });
  const byAnother = await addPhoto(db, [person]);
  expect(await photosOf(db, creatorId)).toEqual([byAnother]);
});

test('embeddings of two packs never meet', async () => {
  const { db } = database;
  const person = newPerson();
  await addPhoto(db, [person], { packId: 'other-pack' });
  const { memberId } = await addFacecam(db, person);
  await addPhoto(db, [person], { packId: 'other-pack' });
  expect(await photosOf(db, memberId)).toEqual([]);
});

test('searching again changes nothing', async () => {
  const { db } = database;
  const person = newPerson();
  const facecam = await addFacecam(db, person);
  const photoId = await addPhoto(db, [likenessOf(person, 0.2)]);
  const before = await listMatchesByPhoto(db, photoId, page);
  await matchPhoto(db, photoId, new Date());
  await matchFacecam(db, facecam);
  expect(await listMatchesByPhoto(db, photoId, page)).toEqual(before);
});

test('a photo and a selfie of the same moment never miss each other', async () => {
  const { db } = database;
  for (let round = 0; round < roundCount; round++) {
    const person = newPerson();
    const [photoId, { memberId }] = await Promise.all([
      addPhoto(db, [newPerson(), likenessOf(person, 0.3)]),
      addFacecam(db, person),
    ]);
    expect(await photosOf(db, memberId), `round ${round}`).toEqual([photoId]);
  }
});

test('whichever commits last finds the other', async () => {
  const { db } = database;
  const [early, late] = [newPerson(), newPerson()];
  const photoFirst = await takePhoto(db, [early]);
  const facecamSecond = await storeFacecam(db, early);
  await matchFacecam(db, facecamSecond);
  expect(await photosOf(db, facecamSecond.memberId)).toEqual([photoFirst]);
  const facecamFirst = await storeFacecam(db, late);
  const photoSecond = await takePhoto(db, [late]);
  await matchPhoto(db, photoSecond, new Date());
  expect(await photosOf(db, facecamFirst.memberId)).toEqual([photoSecond]);
});

/** Another picture of a person, at this distance, by numbers of its own third: two of different thirds differ at a right angle. */
function shifted(person: Float32Array, distance: number, third: 0 | 1 | 2): Float32Array {
  const size = Math.floor(person.length / 3);
  const isOwn = (i: number) => Math.floor(i / size) === third;
  return person.map((value, i) => (isOwn(i) ? value + distance / Math.sqrt(size) : value));
}
