import type { ImageAnalysis } from '@kilas/face-engine/analysis/analyse-image.ts';
import { l2Distance } from '@kilas/face-engine/distances/distance.ts';
import { imprintLength } from '@kilas/face-engine/imprints/imprint.ts';
import { systemClock } from '@kilas/platform/process/clock.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readVector } from '../db/vector.ts';
import { typicalOf } from '../distances/normalised-distance.ts';
import { storeFaces } from '../faces/store-faces.ts';
import { matchPhoto } from '../matching/match-photo.ts';
import { listMatchesByPhoto } from '../matching/match-store.ts';
import { storedVectors } from '../stored-vectors.ts';
import { type FaceDatabase, openFaceDatabase } from '../testing/open-face-database.ts';
import { faceWith, likenessOf, newPerson } from '../testing/synthetic-faces.ts';
import { addFacecam, addPhoto, packId } from '../testing/synthetic-steps.ts';
import { findTypicalFace, insertTypicalFace } from '../typical-faces/typical-face-store.ts';
import { Turning } from './turning.ts';

const [secret, other] = ['s'.repeat(32), 'o'.repeat(32)];
let database: FaceDatabase;

beforeEach(async () => {
  database = await openFaceDatabase();
});

afterEach(() => database?.close());

function turningWith(ownSecret: string, previous?: string): Turning {
  const { db } = database;
  return new Turning({
    db,
    stored: storedVectors,
    secret: ownSecret,
    previous,
    clock: systemClock,
    log: { info: () => {} },
  });
}

async function turned(turning: Turning, embedding: Float32Array): Promise<Float32Array> {
  const box = { x: 0, y: 0, width: 10, height: 10 };
  const landmarks = { layout: '68', points: [] } as const;
  const faces = [{ ...faceWith(embedding), luma: new Uint8Array(), isSteady: true, box, landmarks }];
  const analysis: ImageAnalysis = { width: 100, height: 100, passes: 1, faces };
  return (await turning.turn(packId, analysis)).faces[0]?.embedding ?? new Float32Array();
}

async function stored(): Promise<Float32Array> {
  const row = await database.db.selectFrom('faces').select('embedding').executeTakeFirstOrThrow();
  return Float32Array.from(JSON.parse(row.embedding));
}

test('a start with another secret than the stored faces were turned with is refused', async () => {
  await turningWith(secret).open();
  await expect(turningWith(other).open()).rejects.toThrow('FACES_SECRET');
  await expect(turningWith(other, 'p'.repeat(32)).open()).rejects.toThrow('FACES_SECRET');
  await expect(turningWith(secret).open()).resolves.toBeUndefined();
});

test('replicas that start together on new tables agree on one secret, and who has another is refused', async () => {
  const opened = await Promise.allSettled([secret, secret, other].map((each) => turningWith(each).open()));
  const [one, same, another] = opened.map(({ status }) => status);
  expect(same).toBe(one);
  expect(another).not.toBe(one);
});

test('a process whose secret was exchanged under it turns nothing more', async () => {
  const old = turningWith(secret);
  await old.open();
  await turningWith(other, secret).open();
  await expect(turned(old, newPerson())).rejects.toThrow('FACES_SECRET');
});

test('faces that were stored before any were turned are turned at the next start, and all matches stay', async () => {
  const person = newPerson();
  const photoId = await addPhoto(database.db, [person]);
  await addFacecam(database.db, likenessOf(person, 0.3));
  const turning = turningWith(secret);
  await turning.open();
  await turning.open();
  expect(l2Distance(await stored(), person)).toBeGreaterThan(1);
  expect(l2Distance(await stored(), await turned(turning, person))).toBeLessThan(1e-5);
  const page = { after: undefined, limit: 10 };
  expect(await listMatchesByPhoto(database.db, photoId, page)).toHaveLength(1);
  // And those who come later are found as before.
  const facecam = await addFacecam(database.db, await turned(turning, likenessOf(person, 0.2)));
  const found = await listMatchesByPhoto(database.db, photoId, page);
  expect(found.find(({ memberId }) => memberId === facecam.memberId)?.distance).toBeCloseTo(0.2, 3);
});

test('with a new secret and the one before all stored vectors are turned anew, of faces and of templates', async () => {
  const people = Array.from({ length: 3 }, newPerson);
  const before = turningWith(secret);
  for (const person of people) {
    await addPhoto(database.db, [await turned(before, person)]);
    await addFacecam(database.db, await turned(before, person));
  }
  const after = turningWith(other, secret);
  await after.open();
  const [person = newPerson()] = people;
  await addFacecam(database.db, await turned(after, likenessOf(person, 0.2)));
  const rows = await database.db.selectFrom('face_matches').select('distance').execute();
  // Each person's own, and the newcomer's.
  expect(rows.map(({ distance }) => Math.round(distance * 1000) / 1000).sort()).toEqual([0, 0, 0, 0.2]);
  await expect(turningWith(secret).open()).rejects.toThrow('FACES_SECRET');
  await expect(turningWith(other).open()).resolves.toBeUndefined();
});

test('what several facecams have in common and the typical face are turned anew with them: distances stay', async () => {
  const { db } = database;
  const person = newPerson();
  const typical = typicalOf(Array.from({ length: 20 }, newPerson));
  const before = turningWith(secret);
  const first = await addFacecam(db, await turned(before, likenessOf(person, 0.3)));
  await addFacecam(db, await turned(before, likenessOf(person, 0.3)), { memberId: first.memberId });
  const middle = before.turnVector(packId, typical.embedding);
  await insertTypicalFace(db, packId, { ...typical, embedding: middle }, new Date());
  const photoId = await addPhoto(db, [await turned(before, likenessOf(person, 0.3))]);
  const page = { after: undefined, limit: 10 };
  const [found] = await listMatchesByPhoto(db, photoId, page);
  const after = turningWith(other, secret);
  await after.open();
  await db.deleteFrom('face_matches').execute();
  await matchPhoto(db, photoId, new Date());
  const [again] = await listMatchesByPhoto(db, photoId, page);
  expect(found?.distance).toBeGreaterThan(0);
  expect(again?.distance).toBeCloseTo(found?.distance ?? 0, 4);
  expect((await findTypicalFace(db, packId))?.embedding[0]).toBeCloseTo(
    after.turnVector(packId, typical.embedding)[0] ?? 0,
    4,
  );
});

test('imprints are turned anew with a new secret', async () => {
  const { db } = database;
  const imprint = Float32Array.from({ length: imprintLength }, (_, i) => Math.sin(i) / 10);
  const before = turningWith(secret);
  const imprints = { photo: before.turnImprint(imprint), preview: before.turnImprint(imprint) };
  const photo = { photoId: newId(), creatorId: newId(), eventId: null, packId, processedKey: 'key' };
  await before.open();
  await storeFaces(db, photo, [{ ...faceWith(newPerson()), imprints }], new Date());
  const after = turningWith(other, secret);
  await after.open();
  const row = await db.selectFrom('face_imprints').selectAll().executeTakeFirstOrThrow();
  for (const stored of [row.imprint, row.marked_imprint ?? '']) {
    expect(l2Distance(readVector(stored), after.turnImprint(imprint))).toBeLessThan(0.01);
    expect(l2Distance(readVector(stored), before.turnImprint(imprint))).toBeGreaterThan(0.1);
  }
});
