import { dlibCalibration } from '@kilas/face-engine/distances/calibration.ts';
import { distanceOfLevel } from '@kilas/face-engine/distances/level.ts';
import { usualCut } from '@kilas/matching/default-cut.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { cutOffUntil } from '../claims/cut-off.ts';
import { upsertDefaultCut } from '../distances/default-cut-store.ts';
import { type FaceDatabase, openFaceDatabase } from '../testing/open-face-database.ts';
import { likenessOf, newPerson } from '../testing/synthetic-faces.ts';
import { addFacecam, addPhoto, photosOf } from '../testing/synthetic-steps.ts';
import { eraseMember } from './erase-member.ts';

let database: FaceDatabase;
const usual = usualCut();

beforeAll(async () => {
  database = await openFaceDatabase();
});
beforeEach(() =>
  database.db
    .deleteFrom('default_cuts')
    .execute()
    .then(() => configure(usual)),
);
afterAll(() => database?.close());

const configure = (cut: typeof usual, at = new Date()) => upsertDefaultCut(database.db, cut, at);

/** Between this level and the next stricter one. */
const within = (level: number) =>
  (distanceOfLevel(dlibCalibration, level) + distanceOfLevel(dlibCalibration, level + 1)) / 2;

async function erase(memberId: string, loosestLevel = 0) {
  const erased = await database.db
    .transaction()
    .execute((tx) => eraseMember(tx, { memberId, epoch: 1, loosestLevel }, cutOffUntil(new Date(), new Date())));
  return { atOnce: erased.faces.length, cutOff: erased.cutOffCount };
}

const atOnce = { atOnce: 1, cutOff: 0 };
/** Within no cut that holds for everybody: it waits. */
const cutOff = { atOnce: 0, cutOff: 1 };
const nothing = { atOnce: 0, cutOff: 0 };

/** A member and a photo with a face as near to their selfie as the level says. */
async function foundAt(level: number, taken: { creatorId?: string } = {}) {
  const person = newPerson();
  const { memberId } = await addFacecam(database.db, person);
  const photoId = await addPhoto(database.db, [likenessOf(person, within(level))], taken);
  expect(await photosOf(database.db, memberId)).toEqual([photoId]);
  return memberId;
}

test('what is shown by default is erased, what is not stays', async () => {
  expect(await erase(await foundAt(3))).toEqual(atOnce);
  expect(await erase(await foundAt(2))).toEqual(nothing);
});

test('an installation that shows more erases more', async () => {
  await configure({ ...usual, levelMin: 2 });
  expect(await erase(await foundAt(2))).toEqual(atOnce);
  expect(await erase(await foundAt(1))).toEqual(nothing);
});

test('what an installation showed before it became stricter is erased still', async () => {
  const memberId = await foundAt(2);
  await configure({ ...usual, levelMin: 2 }, new Date(Date.now() - 1000));
  await configure(usual);
  expect(await erase(memberId)).toEqual(atOnce);
});

test('what a member was shown because they chose a looser level is cut off from them, and waits', async () => {
  const [atTwo, atOne] = [await foundAt(2), await foundAt(1)];
  expect(await erase(atTwo, 2)).toEqual(cutOff);
  expect(await erase(atOne, 2)).toEqual(nothing);
});

test('a strict level that the member chose keeps nothing that the default showed', async () => {
  expect(await erase(await foundAt(3), 9)).toEqual(atOnce);
});

test('what was shown while few faces were searched is erased after the event has grown', async () => {
  const creatorId = newId();
  const memberId = await foundAt(3, { creatorId });
  const later = await addPhoto(database.db, [newPerson()], { creatorId, at: new Date(Date.now() + 60_000) });
  await database.db
    .updateTable('photo_recognitions')
    .set({ face_count: 90_000 })
    .where('photo_id', '=', later)
    .execute();
  expect(await erase(memberId)).toEqual(atOnce);
});

test('what was found in a crowd was never shown by default, and stays unless a chosen level showed it', async () => {
  for (const [loosestLevel, erased] of [
    [0, nothing],
    [3, cutOff],
  ] as const) {
    const creatorId = newId();
    const crowd = await addPhoto(database.db, [newPerson()], { creatorId, at: new Date(Date.now() - 60_000) });
    await database.db
      .updateTable('photo_recognitions')
      .set({ face_count: 90_000 })
      .where('photo_id', '=', crowd)
      .execute();
    expect(await erase(await foundAt(3, { creatorId }), loosestLevel)).toEqual(erased);
  }
});

test.each([
  ['the member', atOnce],
  ['somebody else', nothing],
])('of a face that was found in a crowd which %s photographed, this is erased: %j', async (taker, erased) => {
  const [person, eventId] = [newPerson(), newId()];
  const { memberId } = await addFacecam(database.db, person);
  const at = new Date(Date.now() - 60_000);
  const creatorId = taker === 'the member' ? memberId : newId();
  const crowd = await addPhoto(database.db, [newPerson()], { creatorId, eventId, at });
  await database.db
    .updateTable('photo_recognitions')
    .set({ face_count: 90_000 })
    .where('photo_id', '=', crowd)
    .execute();
  await addPhoto(database.db, [likenessOf(person, within(3))], { eventId });
  expect(await erase(memberId)).toEqual(erased);
});
