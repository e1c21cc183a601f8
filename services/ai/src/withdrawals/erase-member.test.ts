import { newId } from '@kilas/platform/process/ids.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cutOffUntil } from '../claims/cut-off.ts';
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

async function erase(memberId: string, epoch = 1) {
  const erased = await database.db
    .transaction()
    .execute((tx) => eraseMember(tx, { memberId, epoch }, cutOffUntil(new Date(), new Date())));
  return { templates: erased.templates.length, faces: erased.faces.length, matches: erased.matchCount };
}

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

  expect(await erase(memberId)).toEqual({ templates: 2, faces: 2, matches: 2 });

  expect(await photosOf(db, memberId)).toEqual([]);
  expect(await countFaces(photoId)).toBe(2);
  expect(await photosOf(db, bystander.memberId)).toEqual([photoId]);
  expect(await erase(memberId)).toEqual({ templates: 0, faces: 0, matches: 0 });
});

test('a face that only chance took for the member stays, and the match to it goes', async () => {
  const { db } = database;
  const person = newPerson();
  const { memberId } = await addFacecam(db, person);
  const photoId = await addPhoto(db, [likenessOf(person, 0.58), newPerson()]);
  expect(await photosOf(db, memberId)).toEqual([photoId]);
  expect(await erase(memberId)).toEqual({ templates: 1, faces: 0, matches: 1 });
  expect(await photosOf(db, memberId)).toEqual([]);
  expect(await countFaces(photoId)).toBe(2);
});

test('a face in a crowd so large that it may be a stranger stays, and the same distance among few does not', async () => {
  const { db } = database;
  const person = newPerson();
  const { memberId } = await addFacecam(db, person);
  const [crowd, few] = [newId(), newId()];
  // Level 3 and a false-match rate of some 3e-5.
  const likeness = likenessOf(person, 0.549);
  const photoIds = [
    await addPhoto(db, [likeness], { creatorId: crowd }),
    await addPhoto(db, [likeness], { creatorId: few }),
  ];
  await db.updateTable('photo_recognitions').set({ face_count: 60_000 }).where('creator_id', '=', crowd).execute();
  expect(await erase(memberId)).toEqual({ templates: 1, faces: 1, matches: 2 });
  expect(await Promise.all(photoIds.map(countFaces))).toEqual([1, 0]);
});

test('a face that another consenting member is nearer to, or as near, stays theirs', async () => {
  const { db } = database;
  const rival = newPerson();
  const staying = await addFacecam(db, rival);
  // A portrait of the rival, and the very selfie that the rival enrolled.
  const saboteurs = [await addFacecam(db, likenessOf(rival, 0.3)), await addFacecam(db, rival)];
  const photoId = await addPhoto(db, [likenessOf(rival, 0.1)]);
  for (const { memberId } of saboteurs) {
    expect(await erase(memberId)).toEqual({ templates: 1, faces: 0, matches: 1 });
  }
  expect(await photosOf(db, staying.memberId)).toEqual([photoId]);
  expect(await erase(staying.memberId)).toEqual({ templates: 1, faces: 1, matches: 1 });
});

test('a face that another member is shown by default stays, however much nearer the one who withdraws is', async () => {
  const { db } = database;
  const person = newPerson();
  const { memberId } = await addFacecam(db, person);
  const twin = await addFacecam(db, likenessOf(person, 0.45));
  const photoId = await addPhoto(db, [likenessOf(person, 0.05)]);
  expect(await photosOf(db, twin.memberId)).toEqual([photoId]);
  expect(await erase(memberId)).toMatchObject({ faces: 0 });
  expect(await photosOf(db, twin.memberId)).toEqual([photoId]);
  expect(await erase(twin.memberId)).toMatchObject({ faces: 1 });
});

test('a face that others are found by only where they chose a looser level goes with the nearer one', async () => {
  const { db } = database;
  const person = newPerson();
  const { memberId } = await addFacecam(db, person);
  const alike = await addFacecam(db, likenessOf(person, 0.58));
  const photoId = await addPhoto(db, [person]);
  expect(await photosOf(db, alike.memberId)).toEqual([photoId]);
  expect(await erase(memberId)).toMatchObject({ faces: 1 });
  expect(await countFaces(photoId)).toBe(0);
});

test('a withdrawal between the search and the write leaves faces that others are nearer to', async () => {
  const { db } = database;
  const rival = newPerson();
  const withdrawing = await addFacecam(db, likenessOf(rival, 0.3));
  const staying = await addFacecam(db, rival);
  const photoId = await takePhoto(db, [likenessOf(rival, 0.1)]);
  const found = await findCandidatesByPhoto(db, photoId);
  await erase(withdrawing.memberId);
  await recordCandidates(db, found, new Date());
  expect(await photosOf(db, staying.memberId)).toEqual([photoId]);
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

test('a match found before a withdrawal and written after it is dropped, and its face waits to go too', async () => {
  const { db } = database;
  const [person, other] = [newPerson(), newPerson()];
  const withdrawing = await addFacecam(db, person);
  const staying = await addFacecam(db, other);
  const photoId = await takePhoto(db, [likenessOf(person, 0.2), likenessOf(other, 0.2), newPerson()]);
  const found = await findCandidatesByPhoto(db, photoId);
  expect(found).toHaveLength(2);

  await erase(withdrawing.memberId);
  await recordCandidates(db, found, new Date());

  expect(await photosOf(db, withdrawing.memberId)).toEqual([]);
  expect(await photosOf(db, staying.memberId)).toEqual([photoId]);
  const waiting = db.selectFrom('cut_off_places').select('photo_id').where('photo_id', '=', photoId);
  expect(await waiting.execute()).toHaveLength(1);
});

test('a consent given anew outlives the withdrawal of the one before, however late that arrives', async () => {
  const { db } = database;
  const person = newPerson();
  const old = await addFacecam(db, person);
  const before = await addPhoto(db, [likenessOf(person, 0.05)]);
  const anew = await addFacecam(db, likenessOf(person, 0.3), { memberId: old.memberId, consentEpoch: 2 });
  const between = await addPhoto(db, [likenessOf(person, 0.05)]);
  expect(await erase(old.memberId, 1)).toEqual({ templates: 1, faces: 0, matches: 0 });
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
