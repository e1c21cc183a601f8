import { newId } from '@kilas/platform/ids.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { matchFacecam } from '../matching/match-facecam.ts';
import { recordCandidates } from '../matching/match-photo.ts';
import { findCandidatesByPhoto, listMatchesByPhoto } from '../matching/match-store.ts';
import { type FaceDatabase, openFaceDatabase } from '../testing/open-face-database.ts';
import { reasonOf } from '../testing/reason-of.ts';
import { likenessOf, newPerson } from '../testing/synthetic-faces.ts';
import { addFacecam, addPhoto, photosOf, storeFacecam, takePhoto } from '../testing/synthetic-steps.ts';
import { eraseMember } from './erase-member.ts';

let database: FaceDatabase;

beforeAll(async () => {
  database = await openFaceDatabase();
});

afterAll(() => database?.close());

const erase = (memberId: string, epoch = 1) =>
  database.db.transaction().execute((tx) => eraseMember(tx, { memberId, epoch }));

const countFaces = async (photoId: string) => {
  const rows = await database.db.selectFrom('faces').select('face_id').where('photo_id', '=', photoId).execute();
  return rows.length;
};

test('withdrawing erases templates, matches and the faces matched to the member, and nothing of others', async () => {
  const { db } = database;
  const [person, other] = [newPerson(), newPerson()];
  const { memberId } = await addFacecam(db, person);
  await addFacecam(db, likenessOf(person, 0.3), { memberId });
  const bystander = await addFacecam(db, other);
  const photoId = await addPhoto(db, [likenessOf(person, 0.2), likenessOf(other, 0.2), newPerson()]);
  await addPhoto(db, [likenessOf(person, 0.4)]);

  expect(await erase(memberId)).toEqual({ templates: 2, faces: 2 });

  expect(await photosOf(db, memberId)).toEqual([]);
  expect(await countFaces(photoId)).toBe(2);
  expect(await photosOf(db, bystander.memberId)).toEqual([photoId]);
  expect(await erase(memberId)).toEqual({ templates: 0, faces: 0 });
});

test('the face of an erased member is found by nobody afterwards', async () => {
  const { db } = database;
  const person = newPerson();
  const { memberId } = await addFacecam(db, person);
  await addPhoto(db, [person]);
  await erase(memberId);
  const again = await addFacecam(db, person, { memberId, consentEpoch: 2 });
  expect(await photosOf(db, again.memberId)).toEqual([]);
});

test('a template made for a withdrawn consent is not stored', async () => {
  const { db } = database;
  const memberId = newId();
  await erase(memberId, 2);
  expect(await reasonOf(storeFacecam(db, newPerson(), { memberId, consentEpoch: 2 }))).toBe('CONSENT_WITHDRAWN');
  expect(await reasonOf(storeFacecam(db, newPerson(), { memberId, consentEpoch: 3 }))).toBeUndefined();
});

test('an enrolment whose consent is withdrawn before its search writes no match', async () => {
  const { db } = database;
  const person = newPerson();
  const photoId = await takePhoto(db, [person]);
  const facecam = await storeFacecam(db, person);
  await erase(facecam.memberId);
  expect(await reasonOf(matchFacecam(db, facecam))).toBe('CONSENT_WITHDRAWN');
  expect(await listMatchesByPhoto(db, photoId, { after: undefined, limit: 10 })).toEqual([]);
});

test('a match found before a withdrawal and written after it is dropped, and its face goes too', async () => {
  const { db } = database;
  const [person, other] = [newPerson(), newPerson()];
  const withdrawing = await addFacecam(db, person);
  const staying = await addFacecam(db, other);
  const photoId = await takePhoto(db, [likenessOf(person, 0.2), likenessOf(other, 0.2), newPerson()]);
  const found = await findCandidatesByPhoto(db, photoId);
  expect(found).toHaveLength(2);

  await erase(withdrawing.memberId);
  await recordCandidates(db, found);

  expect(await photosOf(db, withdrawing.memberId)).toEqual([]);
  expect(await photosOf(db, staying.memberId)).toEqual([photoId]);
  expect(await countFaces(photoId)).toBe(2);
});

test('a consent given anew outlives the withdrawal of the one before, however late that arrives', async () => {
  const { db } = database;
  const person = newPerson();
  const old = await addFacecam(db, person);
  const before = await addPhoto(db, [likenessOf(person, 0.05)]);
  const anew = await addFacecam(db, likenessOf(person, 0.3), { memberId: old.memberId, consentEpoch: 2 });
  const between = await addPhoto(db, [likenessOf(person, 0.05)]);
  expect(await erase(old.memberId, 1)).toEqual({ templates: 1, faces: 0 });
  expect(await reasonOf(matchFacecam(db, anew))).toBeUndefined();
  const after = await addPhoto(db, [person]);
  expect(await photosOf(db, old.memberId)).toEqual([before, between, after].sort());
});

test('a tombstone never moves back', async () => {
  const { db } = database;
  const memberId = newId();
  await erase(memberId, 3);
  await erase(memberId, 1);
  expect(await reasonOf(storeFacecam(db, newPerson(), { memberId, consentEpoch: 3 }))).toBe('CONSENT_WITHDRAWN');
});

test('withdrawals and photos of the same moment leave no match and no face of the member behind', async () => {
  const { db } = database;
  for (let round = 0; round < 25; round++) {
    const person = newPerson();
    const { memberId } = await addFacecam(db, person);
    const [photoId] = await Promise.all([addPhoto(db, [likenessOf(person, 0.3)]), erase(memberId)]);
    expect(await listMatchesByPhoto(db, photoId, { after: undefined, limit: 10 }), `round ${round}`).toEqual([]);
  }
});
