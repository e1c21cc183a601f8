import { dlibCalibration } from '@kilas/face-engine/distances/calibration.ts';
import { transact } from '@kilas/platform/db/transact.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cutOffUntil } from '../claims/cut-off.ts';
import type { Face } from '../faces/face.ts';
import { matchFacecam } from '../matching/match-facecam.ts';
import { listMatchesByMember } from '../matching/match-store.ts';
import { listConfirmedTemplates, listDoubts } from '../templates/confirmed-store.ts';
import { judged } from '../testing/judged.ts';
import { openConcurrentDatabase } from '../testing/open-concurrent-database.ts';
import { type FaceDatabase, openFaceDatabase } from '../testing/open-face-database.ts';
import { beyond, likenessOf, newPerson, unsureFaceWith } from '../testing/synthetic-faces.ts';
import { addFacecam, addPhoto, packId, photosOf, storeFacecam } from '../testing/synthetic-steps.ts';
import { eraseMember } from '../withdrawals/erase-member.ts';
import { isSamePerson } from './is-same-person.ts';
import { confirmedMax, keepConfirmedFace, mayBeTemplate } from './keep-confirmed-face.ts';
import { listAlikeMembers } from './list-alike-members.ts';

const page = { after: undefined, limit: 100 };
let database: FaceDatabase;

beforeAll(async () => {
  database = await openFaceDatabase();
});

afterAll(() => database?.close());

const matchIn = async (memberId: string, photoId: string) => {
  const found = await listMatchesByMember(database.db, memberId, page);
  const match = found.find((one) => one.photoId === photoId);
  if (match === undefined) throw new Error('the member is not found in the photo');
  return match;
};

/** As photo tells that a member confirmed the face by which they were found, and the search after it. */
async function confirm(memberId: string, photoId: string, told: object = {}): Promise<boolean> {
  const { db } = database;
  const { box, consentEpoch } = await matchIn(memberId, photoId);
  const confirmation = { memberId, photoId, packId, consentEpoch, box, ...told };
  const isKept = await db.transaction().execute((tx) => keepConfirmedFace(tx, confirmation, new Date()));
  const template = (await templatesOf(memberId)).find((one) => one.photoId === photoId);
  if (isKept && template !== undefined) await matchFacecam(db, { ...template, memberId });
  return isKept;
}

const templatesOf = (memberId: string) => listConfirmedTemplates(database.db, { memberId, packId });

const confirmNew = async (memberId: string, face: Float32Array | Face, taken: { creatorId?: string } = {}) =>
  confirm(memberId, await addPhoto(database.db, [face], taken));

test('a confirmed face that the selfies find already finds further photos, before and after', async () => {
  const { db } = database;
  const selfie = newPerson();
  const { memberId } = await addFacecam(db, selfie);
  const face = likenessOf(selfie, 0.5);
  const farther = () => beyond(selfie, face, 1.8);
  const early = await addPhoto(db, [farther()]);
  const photoId = await addPhoto(db, [face]);
  expect(await photosOf(db, memberId)).toEqual([photoId]);
  expect(await confirm(memberId, photoId)).toBe(true);
  const late = await addPhoto(db, [farther()]);
  expect(await photosOf(db, memberId)).toEqual([early, photoId, late].sort());
});

test('in its own photo the selfies go on deciding: nobody is ever at distance 0 to a face', async () => {
  const { db } = database;
  const selfie = newPerson();
  const { memberId } = await addFacecam(db, selfie);
  const photoId = await addPhoto(db, [likenessOf(selfie, 0.4)]);
  await confirm(memberId, photoId);
  const match = await matchIn(memberId, photoId);
  expect(match.distance).toBeCloseTo(0.4, 3);
  expect(match.facecamCount).toBe(2);
});

describe('no template is made', () => {
  test('of a stranger whom only a loose level shows', async () => {
    const selfie = newPerson();
    const { memberId } = await addFacecam(database.db, selfie);
    expect(await confirmNew(memberId, likenessOf(selfie, 0.57))).toBe(false);
    expect(await confirmNew(memberId, likenessOf(selfie, 0.55))).toBe(true);
  });

  test('of a face in a crowd so large that it may be a stranger', async () => {
    const { db } = database;
    const selfie = newPerson();
    const { memberId } = await addFacecam(db, selfie);
    const creatorId = newId();
    const photoId = await addPhoto(db, [likenessOf(selfie, 0.549)], { creatorId });
    await db
      .updateTable('photo_recognitions')
      .set({ face_count: 60_000 })
      .where('creator_id', '=', creatorId)
      .execute();
    expect(await confirm(memberId, photoId)).toBe(false);
  });

  test('of a face that another confirmed one finds and the selfies do not: nobody walks from face to face', async () => {
    const selfie = newPerson();
    const { memberId } = await addFacecam(database.db, selfie);
    const face = likenessOf(selfie, 0.5);
    expect(await confirmNew(memberId, face)).toBe(true);
    expect(await confirmNew(memberId, beyond(selfie, face, 1.3))).toBe(false);
  });

  test('of a face that may not decide', async () => {
    const selfie = newPerson();
    const { memberId } = await addFacecam(database.db, selfie);
    expect(await confirmNew(memberId, unsureFaceWith(likenessOf(selfie, 0.1)))).toBe(false);
  });

  test('of a face that another member is near to as well, be it the creator of the photo, be they farther', async () => {
    const { db } = database;
    const selfie = newPerson();
    const { memberId } = await addFacecam(db, selfie);
    const face = likenessOf(selfie, 0.1);
    const other = await storeFacecam(db, likenessOf(face, 0.55));
    expect(await confirmNew(memberId, face, { creatorId: other.memberId })).toBe(false);
    expect(await confirmNew(memberId, face)).toBe(false);
  });

  test('after the fifth, and none twice of one photo', async () => {
    const { db } = database;
    const selfie = newPerson();
    const { memberId } = await addFacecam(db, selfie);
    const photoIds: string[] = [];
    for (let i = 0; i <= confirmedMax; i++) photoIds.push(await addPhoto(db, [likenessOf(selfie, 0.3)]));
    const [first = '', ...others] = photoIds;
    expect(await confirm(memberId, first)).toBe(true);
    expect(await confirm(memberId, first)).toBe(false);
    const kept = [];
    for (const photoId of others) kept.push(await confirm(memberId, photoId));
    expect(kept).toEqual([true, true, true, true, false]);
    expect(await templatesOf(memberId)).toHaveLength(confirmedMax);
  });

  test('of another face than the one that the member was shown', async () => {
    const { db } = database;
    const selfie = newPerson();
    const { memberId } = await addFacecam(db, selfie);
    const photoId = await addPhoto(db, [likenessOf(selfie, 0.3)]);
    expect(await confirm(memberId, photoId, { box: { left: 0.995, top: 0.995, width: 0.001, height: 0.001 } })).toBe(
      false,
    );
    expect(await confirm(memberId, photoId)).toBe(true);
  });

  test('under a consent that was withdrawn, nor by the selfies of another one', async () => {
    const { db } = database;
    const selfie = newPerson();
    const { memberId } = await addFacecam(db, selfie);
    const photoId = await addPhoto(db, [likenessOf(selfie, 0.3)], {});
    const { box } = await matchIn(memberId, photoId);
    const late = { memberId, photoId, packId, box };
    const keep = (consentEpoch: number) =>
      db.transaction().execute((tx) => keepConfirmedFace(tx, { ...late, consentEpoch }, new Date()));
    expect(await keep(2)).toBe(false);
    await db
      .transaction()
      .execute((tx) => eraseMember(tx, { memberId, epoch: 1 }, cutOffUntil(new Date(), new Date())));
    expect(await keep(1)).toBe(false);
    expect(await db.selectFrom('templates').selectAll().where('member_id', '=', memberId).execute()).toEqual([]);
  });

  test('where nobody is found', async () => {
    const { db } = database;
    const { memberId } = await addFacecam(db, newPerson());
    const photoId = await addPhoto(db, [newPerson()]);
    const box = { left: 0, top: 0, width: 1, height: 1 };
    const confirmation = { memberId, photoId, packId, consentEpoch: 1, box };
    expect(await db.transaction().execute((tx) => keepConfirmedFace(tx, confirmation, new Date()))).toBe(false);
  });
});

test('of a confirmation and an enrolment of the same moment with that face, at least one sees the other', async () => {
  const concurrent = await openConcurrentDatabase();
  const { db } = concurrent;
  try {
    for (let round = 0; round < 20; round++) {
      const selfie = newPerson();
      const { memberId } = await addFacecam(db, selfie);
      const face = likenessOf(selfie, 0.3);
      await addPhoto(db, [face]);
      const [match] = await listMatchesByMember(db, memberId, page);
      if (match === undefined) throw new Error('the member is not found in the photo');
      // Each commits, then looks.
      const confirming = async () => {
        const isKept = await transact(db, (tx) => keepConfirmedFace(tx, match, new Date()));
        return !isKept || (await listDoubts(db, memberId)).length > 0;
      };
      const enrolling = async () => {
        const rival = await storeFacecam(db, face);
        return (await listDoubts(db, rival.memberId)).length > 0;
      };
      const [isStopped, isSeen] = await Promise.all([confirming(), enrolling()]);
      expect(isStopped || isSeen, `round ${round}`).toBe(true);
    }
  } finally {
    await concurrent.close();
  }
});

test('each selfie is a trial of its own', () => {
  // A false-match rate of some 3e-5.
  const face = { isSure: true, selfieDistance: 0.549, selfieCount: 1, otherDistance: null };
  expect(mayBeTemplate(face, 12_000, judged(dlibCalibration))).toBe(true);
  expect(mayBeTemplate({ ...face, selfieCount: 5 }, 12_000, judged(dlibCalibration))).toBe(false);
});

test('who a member is, their selfies say alone', async () => {
  const { db } = database;
  const selfie = newPerson();
  const { memberId } = await addFacecam(db, selfie);
  const face = likenessOf(selfie, 0.5);
  await confirmNew(memberId, face);
  // A second selfie is held against the first one, not against the photo.
  const second = beyond(selfie, face, -0.4);
  expect(await isSamePerson(db, { memberId, packId, embedding: second })).toBe(true);
  // And nobody is told that they are enrolled with the face of a photo.
  const alike = await storeFacecam(db, beyond(selfie, face, 1.7));
  expect(await listAlikeMembers(db, alike.facecamId)).toEqual([]);
});
