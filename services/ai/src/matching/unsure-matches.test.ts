import { afterAll, beforeAll, expect, test } from 'vitest';
import { deleteTemplates } from '../facecams/template-store.ts';
import { DLIB_CALIBRATION } from '../inference/calibration.ts';
import { type FaceDatabase, openFaceDatabase } from '../testing/open-face-database.ts';
import { beyond, likenessOf, newPerson, unsureFaceWith } from '../testing/synthetic-faces.ts';
import { addFacecam, addPhoto } from '../testing/synthetic-steps.ts';
import { type FaceMatch, TWINS_DISTANCE_MAX, toMessage } from './match.ts';
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

const isAsked = (match: FaceMatch) => toMessage(match, () => DLIB_CALIBRATION).isUnsure === true;

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
  const one = await addFacecam(db, likenessOf(face, 0.3));
  const twin = await addFacecam(db, likenessOf(face, 0.3 + TWINS_DISTANCE_MAX - 0.001));
  const alike = await addFacecam(db, likenessOf(face, 0.3 + TWINS_DISTANCE_MAX + 0.001));
  const photoId = await addPhoto(db, [face]);
  expect(await told(photoId)).toEqual({ [one.memberId]: false, [twin.memberId]: false, [alike.memberId]: true });
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
  // Both beyond level 3.
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
