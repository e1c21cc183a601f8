import { dlibCalibration, mobilefacenetCalibration } from '@kilas/face-engine/distances/calibration.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { upsertPack } from '../packs/pack-store.ts';
import { deleteTemplates } from '../templates/template-store.ts';
import { judged } from '../testing/judged.ts';
import { type FaceDatabase, openFaceDatabase } from '../testing/open-face-database.ts';
import { beyond, likenessOf, newPerson, unsureFaceWith } from '../testing/synthetic-faces.ts';
import { addFacecam, addPhoto } from '../testing/synthetic-steps.ts';
import { type FaceMatch, isSureMatch, toMessage, twinsDistanceMax } from './match.ts';
import { listMatchesByMember, listMatchesByPhoto } from './match-store.ts';

const page = { after: undefined, limit: 100 };
let database: FaceDatabase;

beforeAll(async () => {
  database = await openFaceDatabase();
});

afterAll(() => database?.close());

/** Whom photo would be told to ask, by member. */
async function told(photoId: string): Promise<Record<string, boolean>> {
  const found = await listMatchesByPhoto(database.db, photoId, page);
  return Object.fromEntries(found.map((match) => [match.memberId, isAsked(match)]));
}

const isAsked = (match: FaceMatch) => toMessage(match, () => judged(dlibCalibration)).isUnsure === true;

test('a face that may not decide is found and asked about', async () => {
  const { db } = database;
  const person = newPerson();
  const before = await addFacecam(db, person);
  const photoId = await addPhoto(db, [unsureFaceWith(likenessOf(person, 0.2))]);
  const after = await addFacecam(db, likenessOf(person, 0.01));
  expect(await told(photoId)).toEqual({ [before.memberId]: true, [after.memberId]: true });
});

test('of two faces that match one member one counts, the sure one before the nearer, whichever side came first', async () => {
  const { db } = database;
  const person = newPerson();
  const faces = () => [unsureFaceWith(likenessOf(person, 0.1)), likenessOf(person, 0.5)];
  const early = await addPhoto(db, faces());
  const { memberId } = await addFacecam(db, person);
  const late = await addPhoto(db, faces());
  // A second facecam, nearer to the unsure face still, changes nothing.
  await addFacecam(db, likenessOf(person, 0.05), { memberId });
  const found = await listMatchesByMember(db, memberId, page);
  expect(found.map(({ photoId }) => photoId)).toEqual([early, late].sort());
  for (const match of found) {
    expect(isAsked(match)).toBe(false);
    expect(match.distance).toBeGreaterThan(0.4);
  }
});

test('a sure face that nobody would be shown by default leaves the nearer one its place, whichever side came first', async () => {
  const { db } = database;
  const person = newPerson();
  // Not within level 3.
  const faces = () => [unsureFaceWith(likenessOf(person, 0.1)), likenessOf(person, 0.585)];
  const early = await addPhoto(db, faces());
  const { memberId } = await addFacecam(db, person);
  const late = await addPhoto(db, faces());
  const found = await listMatchesByMember(db, memberId, page);
  expect(found.map(({ photoId }) => photoId)).toEqual([early, late].sort());
  for (const match of found) {
    expect(isAsked(match)).toBe(true);
    expect(match.distance).toBeLessThan(0.2);
  }
});

test('a nearer face takes over from a sure one that was found first, but is not within level 3', async () => {
  const { db } = database;
  const person = newPerson();
  const [unsure, sureFace] = [likenessOf(person, 0.55), likenessOf(person, 0.57)];
  const photoId = await addPhoto(db, [unsureFaceWith(unsure), sureFace]);
  const { memberId } = await addFacecam(db, beyond(person, unsure, -0.1));
  expect(await told(photoId)).toEqual({ [memberId]: false });
  await addFacecam(db, beyond(person, unsure, 0.7), { memberId });
  expect(await told(photoId)).toEqual({ [memberId]: true });
});

test('how near a sure face must be to count before a nearer one is what the calibration of its pack says', async () => {
  const { db } = database;
  const strict = { ...dlibCalibration, strangers: { model: 'normal' as const, mean: 0.75, sd: 0.07 } };
  const packId = 'strict-pack';
  await db.transaction().execute((tx) => upsertPack(tx, { packId, dimension: 128, calibration: strict }));
  const person = newPerson();
  // Within level 3 by the pack's, as by dlib's; not within it by that of the strict pack.
  const faces = [unsureFaceWith(likenessOf(person, 0.1)), likenessOf(person, 0.52)];
  const { memberId } = await addFacecam(db, person, { packId });
  const photoId = await addPhoto(db, faces, { packId });
  const other = await addFacecam(db, likenessOf(person, 0.01));
  const usual = await addPhoto(db, faces);
  expect(await told(photoId)).toEqual({ [memberId]: true });
  expect(await told(usual)).toEqual({ [other.memberId]: false });
});

test('a sure face takes over from an unsure one that was found first', async () => {
  const { db } = database;
  const person = newPerson();
  // The first facecam reaches the unsure face alone.
  const sureFace = likenessOf(person, 0.55);
  const photoId = await addPhoto(db, [unsureFaceWith(person), sureFace]);
  const { memberId } = await addFacecam(db, beyond(person, sureFace, -0.15));
  expect(await told(photoId)).toEqual({ [memberId]: true });
  // Both together lie between the two faces.
  await addFacecam(db, beyond(person, sureFace, 0.7), { memberId });
  expect(await told(photoId)).toEqual({ [memberId]: false });
});

test('twins are both sure, somebody who is farther off is asked', async () => {
  const { db } = database;
  const face = newPerson();
  const farthestTwin = 0.3 + twinsDistanceMax(dlibCalibration);
  const one = await addFacecam(db, likenessOf(face, 0.3));
  const twin = await addFacecam(db, likenessOf(face, farthestTwin - 0.001));
  const alike = await addFacecam(db, likenessOf(face, farthestTwin + 0.001));
  const photoId = await addPhoto(db, [face]);
  expect(await told(photoId)).toEqual({ [one.memberId]: false, [twin.memberId]: false, [alike.memberId]: true });
});

test('how near twins are follows from the distances of the pack, and no calibration of an installation changes it', () => {
  expect(twinsDistanceMax(mobilefacenetCalibration)).toBeCloseTo(0.064, 3);
  expect(twinsDistanceMax(dlibCalibration)).toBeCloseTo(0.04, 3);
  const alike = { ...mobilefacenetCalibration, strangers: { model: 'normal' as const, mean: 1.2, sd: 0.17 } };
  expect(twinsDistanceMax(alike)).toBe(twinsDistanceMax(mobilefacenetCalibration));
  const match = { isSureFace: true, distance: 0.55, rivalDistance: 0.5 };
  expect(isSureMatch(match, judged(mobilefacenetCalibration))).toBe(true);
  expect(isSureMatch(match, judged(dlibCalibration))).toBe(false);
});

test('when the nearer one goes, the other is sure when it is told again', async () => {
  const { db } = database;
  const face = newPerson();
  const other = await addFacecam(db, likenessOf(face, 0.4));
  const nearest = await addFacecam(db, likenessOf(face, 0.1));
  const photoId = await addPhoto(db, [face]);
  expect(await told(photoId)).toMatchObject({ [other.memberId]: true });
  await db.transaction().execute((tx) => deleteTemplates(tx, nearest.facecamId, nearest.memberId));
  expect(await told(photoId)).toEqual({ [other.memberId]: false });
});

test('who is no match by default makes nobody else doubtful', async () => {
  const { db } = database;
  const face = newPerson();
  // Neither within level 3.
  const nearer = await addFacecam(db, likenessOf(face, 0.565));
  const farther = await addFacecam(db, likenessOf(face, 0.599));
  const photoId = await addPhoto(db, [face]);
  expect(await told(photoId)).toEqual({ [nearer.memberId]: false, [farther.memberId]: false });
});

test('who is found by another face of the photo is no rival for this one', async () => {
  const { db } = database;
  const [face, friend] = [newPerson(), newPerson()];
  const between = friend.map((value, i) => value + ((face[i] ?? 0) - value) * 0.7);
  const rival = await addFacecam(db, between);
  const member = await addFacecam(db, likenessOf(face, 0.55));
  // The rival would match the member's face too, and is there by a nearer one.
  const photoId = await addPhoto(db, [face, between]);
  expect(await told(photoId)).toEqual({ [rival.memberId]: false, [member.memberId]: false });
});
