import { dlibCalibration, mobilefacenetCalibration } from '@kilas/face-engine/distances/calibration.ts';
import { falseMatchRate } from '@kilas/face-engine/distances/level.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openConcurrentDatabase } from '../testing/open-concurrent-database.ts';
import { type FaceDatabase, openFaceDatabase } from '../testing/open-face-database.ts';
import { likenessOf, newPerson } from '../testing/synthetic-faces.ts';
import { storeFacecam } from '../testing/synthetic-steps.ts';
import { alikeDistanceMax, listAlikeMembers } from './list-alike-members.ts';

let database: FaceDatabase;

beforeAll(async () => {
  database = await openFaceDatabase();
});

afterAll(() => database?.close());

test('a face that other members are enrolled with is found, the nearest first, and neither strangers nor oneself', async () => {
  const { db } = database;
  const person = newPerson();
  const [far, near] = [
    await storeFacecam(db, likenessOf(person, 0.4)),
    await storeFacecam(db, likenessOf(person, 0.2)),
  ];
  await storeFacecam(db, likenessOf(person, 0.65));
  await storeFacecam(db, newPerson());
  await storeFacecam(db, likenessOf(person, 0.1), { packId: 'other-pack' });
  const own = await storeFacecam(db, person);
  await storeFacecam(db, likenessOf(person, 0.1), { memberId: own.memberId });
  expect(await listAlikeMembers(db, own.facecamId)).toEqual([near.memberId, far.memberId]);
  expect(await listAlikeMembers(db, near.facecamId)).toContain(own.memberId);
});

test('the more members there are, the more alike a face must be: chance alarms nobody', () => {
  expect(alikeDistanceMax(dlibCalibration, 1)).toBe(dlibCalibration.samePersonDistanceMax);
  const of = (members: number) => alikeDistanceMax(dlibCalibration, members);
  expect(of(100_000)).toBeLessThan(of(1_000));
  expect(of(1_000)).toBeLessThan(0.6);
  expect(of(100_000)).toBeGreaterThan(0.4);
});

test.each([
  ['mobilefacenet-192-v1', mobilefacenetCalibration],
  ['dlib-128-v1', dlibCalibration],
])(
  '%s: one enrolment alarms a twentieth of a stranger at most, and no face farther away than one person’s faces',
  (_, pack) => {
    for (const members of [1, 10, 100, 1_000, 10_000, 100_000]) {
      const distance = alikeDistanceMax(pack, members);
      expect(distance).toBeLessThanOrEqual(pack.samePersonDistanceMax);
      expect(members * falseMatchRate(pack, distance)).toBeLessThanOrEqual(0.05 + 1e-9);
    }
  },
);

test('under the default pack one person’s face is still told of among 10,000 members', () => {
  const of = (members: number) => alikeDistanceMax(mobilefacenetCalibration, members);
  expect(of(30)).toBe(mobilefacenetCalibration.samePersonDistanceMax);
  // Pictures of one person lie mostly between 0.5 and 0.85 (docs/faces.md).
  expect(of(10_000)).toBeGreaterThan(0.7);
});

test('of two who enrol one face at the same moment, at least one finds the other', async () => {
  const concurrent = await openConcurrentDatabase();
  try {
    for (let round = 0; round < 10; round++) {
      const person = newPerson();
      const enrol = async () => {
        const facecam = await storeFacecam(concurrent.db, likenessOf(person, 0.1));
        return { ...facecam, alike: await listAlikeMembers(concurrent.db, facecam.facecamId) };
      };
      const [one, other] = await Promise.all([enrol(), enrol()]);
      expect(one.alike.includes(other.memberId) || other.alike.includes(one.memberId), `round ${round}`).toBe(true);
    }
  } finally {
    await concurrent.close();
  }
});
