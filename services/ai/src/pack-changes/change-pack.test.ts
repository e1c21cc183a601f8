import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { dlibManifest } from '@kilas/face-engine/packs/built-in-packs.ts';
import { writeTinyPack } from '@kilas/face-engine/testing/tiny-pack.ts';
import { systemClock } from '@kilas/platform/process/clock.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import { openLog } from '@kilas/platform/process/log.ts';
import { drivenClock } from '@kilas/testkit/drive-clock.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { cutOffUntil } from '../claims/cut-off.ts';
import { keepConfirmedFace } from '../facecams/keep-confirmed-face.ts';
import { storeTemplates } from '../facecams/store-templates.ts';
import type { Face } from '../faces/face.ts';
import { storeFaces, storeFacesAgain } from '../faces/store-faces.ts';
import { matchFacecam } from '../matching/match-facecam.ts';
import { matchPhoto } from '../matching/match-photo.ts';
import { listMatchesByMember } from '../matching/match-store.ts';
import { rankPacks } from '../packs/pack-store.ts';
import { PacksInForce } from '../packs/packs-in-force.ts';
import { registerPacks } from '../packs/register-packs.ts';
import { listConfirmedTemplates, listUntoldEndings } from '../templates/confirmed-store.ts';
import { deleteTemplates, deleteTemplatesOfPack, listMissingFacecams } from '../templates/template-store.ts';
import { openConcurrentDatabase } from '../testing/open-concurrent-database.ts';
import type { FaceDatabase } from '../testing/open-face-database.ts';
import { faceWith, likenessOf, newPerson } from '../testing/synthetic-faces.ts';
import { insertTypicalFace } from '../typical-faces/typical-face-store.ts';
import { eraseMember } from '../withdrawals/erase-member.ts';
import { countProgress, listMembersWaiting, listPhotosWaiting } from './change-store.ts';
import { removeOldPack } from './remove-old-pack.ts';

const change = { packId: 'new', oldPackId: 'old' };
const page = { after: undefined, limit: 100 };
let database: FaceDatabase;

beforeAll(async () => {
  database = await openConcurrentDatabase();
});

beforeEach(async () => {
  const { db } = database;
  await db.deleteFrom('photo_recognitions').execute();
  await db.deleteFrom('templates').execute();
  await db.transaction().execute((tx) => rankPacks(tx, ['new', 'old']));
});

afterAll(() => database?.close());

/** A face at a place that all packs see, each a little differently. */
function faceAt(embedding: Float32Array, left: number, shift = 0): Face {
  return { ...faceWith(embedding), box: { left: left + shift, top: 0.4 + shift, width: 0.1, height: 0.15 } };
}

async function see(faces: readonly Face[], packId = 'old', photoId = newId()): Promise<string> {
  const recognition = { photoId, creatorId: newId(), eventId: null, packId, processedKey: 'any' };
  await storeFaces(database.db, recognition, faces, new Date());
  await matchPhoto(database.db, photoId, new Date());
  return photoId;
}

const seeAgain = (photoId: string, faces: readonly Face[]) =>
  storeFacesAgain(database.db, { photoId, packId: 'new' }, faces, new Date());

async function enrol(embedding: Float32Array, packId = 'old', memberId = newId()) {
  const facecam = { memberId, facecamId: newId(), consentEpoch: 1 };
  await storeTemplates(database.db, [{ ...facecam, packId, embedding, provenLive: true }], new Date());
  await matchFacecam(database.db, facecam);
  return facecam;
}

const enrolUnder = (packId: string, facecam: { memberId: string; facecamId: string; consentEpoch: number }) =>
  storeTemplates(database.db, [{ ...facecam, packId, embedding: newPerson(), provenLive: true }], new Date());

const erase = (memberId: string) =>
  database.db
    .transaction()
    .execute((tx) => eraseMember(tx, { memberId, epoch: 1 }, cutOffUntil(new Date(), new Date())));

async function facesOf(photoId: string, packId: string): Promise<number> {
  const query = database.db.selectFrom('faces').select('face_id').where('photo_id', '=', photoId);
  return (await query.where('pack_id', '=', packId).execute()).length;
}

async function removeAll(): Promise<void> {
  while ((await removeOldPack(database.db, change)) > 0);
}

test('what the new pack has yet to see and whom it does not know is listed and counted until it is done', async () => {
  const { db } = database;
  const photoIds = [await see([faceAt(newPerson(), 0.1)]), await see([])].sort();
  const { memberId } = await enrol(newPerson());
  expect(await listPhotosWaiting(db, change, page)).toEqual(photoIds);
  expect(await listMembersWaiting(db, change, page)).toEqual([memberId]);
  expect(await countProgress(db, change)).toEqual({
    ...{ photoCount: 2, photosWaiting: 2 },
    ...{ memberCount: 1, membersWaiting: 1 },
  });
  const [first = '', second = ''] = photoIds;
  await seeAgain(first, []);
  await enrol(newPerson(), 'new', memberId);
  expect(await listPhotosWaiting(db, change, page)).toEqual([second]);
  expect(await listPhotosWaiting(db, change, { ...page, after: second })).toEqual([]);
  expect(await listMembersWaiting(db, change, page)).toEqual([]);
  expect(await countProgress(db, change)).toMatchObject({ photosWaiting: 1, membersWaiting: 0 });
});

test('a face that was erased does not come back when another pack looks at the photo', async () => {
  const person = newPerson();
  const { memberId } = await enrol(person);
  const photoId = await see([faceAt(likenessOf(person, 0.2), 0.1), faceAt(newPerson(), 0.5)]);
  await erase(memberId);
  await seeAgain(photoId, [faceAt(newPerson(), 0.1, 0.01), faceAt(newPerson(), 0.5, 0.01)]);
  expect([await facesOf(photoId, 'old'), await facesOf(photoId, 'new')]).toEqual([1, 1]);
});

test('withdrawing erases a face also under the pack that does not know the member', async () => {
  const person = newPerson();
  const { memberId } = await enrol(person);
  const photoId = await see([faceAt(likenessOf(person, 0.2), 0.1), faceAt(newPerson(), 0.5)]);
  await seeAgain(photoId, [faceAt(newPerson(), 0.1, 0.01), faceAt(newPerson(), 0.5, 0.01)]);
  await erase(memberId);
  expect([await facesOf(photoId, 'old'), await facesOf(photoId, 'new')]).toEqual([1, 1]);
});

test('a withdrawal and a second look of the same moment leave no face of the member behind', async () => {
  for (let round = 0; round < 15; round++) {
    const person = newPerson();
    const { memberId } = await enrol(person);
    const photoId = await see([faceAt(likenessOf(person, 0.2), 0.1)]);
    await Promise.all([seeAgain(photoId, [faceAt(newPerson(), 0.1, 0.01)]), erase(memberId)]);
    expect(await facesOf(photoId, 'new'), `round ${round}`).toBe(0);
  }
});

test('a photo whose time ended meanwhile is not stored again', async () => {
  const photoId = await see([faceAt(newPerson(), 0.1)]);
  await database.db.deleteFrom('photo_recognitions').where('photo_id', '=', photoId).execute();
  await seeAgain(photoId, [faceAt(newPerson(), 0.1)]);
  expect(await facesOf(photoId, 'new')).toBe(0);
});

test('two second looks at once store the faces once', async () => {
  for (let round = 0; round < 10; round++) {
    const photoId = await see([faceAt(newPerson(), 0.1)]);
    const faces = [faceAt(newPerson(), 0.1), faceAt(newPerson(), 0.5)];
    await Promise.all([seeAgain(photoId, faces), seeAgain(photoId, faces)]);
    expect(await facesOf(photoId, 'new')).toBe(2);
  }
});

test('after its time the old pack has no template, face or match left, and photos not seen yet stay on the list', async () => {
  const { db } = database;
  const person = newPerson();
  await enrol(person);
  const seen = await see([faceAt(likenessOf(person, 0.2), 0.1)]);
  const waiting = await see([faceAt(likenessOf(person, 0.2), 0.1)]);
  await seeAgain(seen, [faceAt(newPerson(), 0.1)]);
  await removeAll();
  for (const table of ['faces', 'templates', 'face_matches'] as const)
    expect(await db.selectFrom(table).selectAll().where('pack_id', '=', 'old').execute(), table).toEqual([]);
  expect(await listPhotosWaiting(db, change, page)).toEqual([waiting]);
  await seeAgain(waiting, [faceAt(newPerson(), 0.1)]);
  await removeAll();
  expect(await countProgress(db, change)).toMatchObject({ photoCount: 0, memberCount: 0 });
  expect([await facesOf(seen, 'new'), await facesOf(waiting, 'new')]).toEqual([1, 1]);
});

test('a confirmed face is not carried over: its member is asked by their selfies alone, and photo will hear that it ended', async () => {
  const { db } = database;
  const person = newPerson();
  const { memberId } = await enrol(person);
  await see([faceAt(likenessOf(person, 0.2), 0.1)]);
  const [match] = await listMatchesByMember(db, memberId, page);
  if (match === undefined) throw new Error('the member is in no photo');
  expect(await db.transaction().execute((tx) => keepConfirmedFace(tx, match, new Date()))).toBe(true);
  const [kept] = await listConfirmedTemplates(db, match);
  expect(await listMembersWaiting(db, change, page)).toEqual([memberId]);
  await enrol(newPerson(), 'new', memberId);
  expect(await listMembersWaiting(db, change, page)).toEqual([]);
  await removeAll();
  const templates = await db.selectFrom('templates').select(['pack_id', 'source']).execute();
  expect(templates).toEqual([{ pack_id: 'new', source: 'selfie' }]);
  expect(await listUntoldEndings(db, 10)).toEqual([{ facecamId: kept?.facecamId, memberId }]);
});

test('a facecam that only the old pack knew counts as outdated, not as taken away, until it or the consent goes', async () => {
  const { db } = database;
  const [removed, withdrawn] = [await enrol(newPerson()), await enrol(newPerson())];
  const known = await enrol(newPerson());
  await enrolUnder('new', known);
  const gone = newId();
  const facecamIds = [removed, withdrawn, known].map(({ facecamId }) => facecamId);
  const missing = () => listMissingFacecams(db, [...facecamIds, gone]);
  await removeAll();
  expect(await missing()).toEqual([gone]);
  await db.transaction().execute((tx) => deleteTemplates(tx, removed.facecamId, removed.memberId));
  await erase(withdrawn.memberId);
  await db.transaction().execute((tx) => deleteTemplates(tx, known.facecamId, known.memberId));
  expect(await missing()).toEqual([...facecamIds, gone].sort());
});

test('whom only the old pack knew can withdraw after it is gone: their face goes, seen before or after the withdrawal', async () => {
  const person = newPerson();
  const { memberId } = await enrol(person);
  const [seen, later] = [await see([faceAt(person, 0.1)]), await see([faceAt(person, 0.1)])];
  await seeAgain(seen, [faceAt(newPerson(), 0.1, 0.01), faceAt(newPerson(), 0.5)]);
  await removeAll();
  await erase(memberId);
  expect(await facesOf(seen, 'new')).toBe(1);
  await seeAgain(later, [faceAt(newPerson(), 0.1, 0.01), faceAt(newPerson(), 0.5)]);
  expect(await facesOf(later, 'new')).toBe(1);
  expect(await database.db.selectFrom('face_places').selectAll().where('member_id', '=', memberId).execute()).toEqual(
    [],
  );
});

test('what a pack that is gone showed is erased, however loosely the others find it', async () => {
  const { db } = database;
  const looseLikeness = 0.58;
  for (const [byOld, byNew] of [
    [0.2, looseLikeness],
    [looseLikeness, 0.2],
  ] as const) {
    const [personOfOld, personOfNew] = [newPerson(), newPerson()];
    const { memberId } = await enrol(personOfOld);
    await enrol(personOfNew, 'new', memberId);
    const photoId = await see([faceAt(likenessOf(personOfOld, byOld), 0.1)]);
    await seeAgain(photoId, [faceAt(likenessOf(personOfNew, byNew), 0.1, 0.01)]);
    await matchPhoto(db, photoId, new Date());
    const packs = db.selectFrom('face_matches').select('pack_id').where('photo_id', '=', photoId).orderBy('pack_id');
    expect(await packs.execute()).toEqual([{ pack_id: 'new' }, { pack_id: 'old' }]);
    await removeAll();
    const third = { packId: 'third', oldPackId: 'new' };
    await storeFacesAgain(db, { photoId, packId: 'third' }, [faceAt(newPerson(), 0.1)], new Date());
    // A withdrawal while the second pack is there, and one after both have gone.
    if (byOld > byNew) while ((await removeOldPack(db, third)) > 0);
    await erase(memberId);
    const left = await db.selectFrom('faces').select('pack_id').where('photo_id', '=', photoId).execute();
    expect(left, `by the old pack at ${byOld}`).toEqual([]);
  }
});

test('a withdrawal at the moment in which the old pack goes leaves nothing of the member', async () => {
  const { db } = database;
  for (let round = 0; round < 15; round++) {
    const person = newPerson();
    const { memberId } = await enrol(person);
    const photoId = await see([faceAt(person, 0.1)]);
    await seeAgain(photoId, [faceAt(newPerson(), 0.1, 0.01)]);
    await Promise.all([removeAll(), erase(memberId)]);
    expect(await facesOf(photoId, 'new'), `round ${round}`).toBe(0);
    expect(await db.selectFrom('face_places').selectAll().where('member_id', '=', memberId).execute()).toEqual([]);
  }
});

test('a pack whose embeddings have another length than those stored under its id is refused', async () => {
  const { db } = database;
  const folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-packs-'));
  try {
    const manifest = await writeTinyPack(folder, 'tiny');
    const place = { id: 'tiny', folder: path.join(folder, 'tiny'), isBuiltIn: false };
    const current = { place, manifest };
    const packs = new PacksInForce({ current, oldPack: undefined, old: undefined, clock: systemClock });
    const ctx = { db, packs, log: openLog('test', 'silent') };
    await registerPacks(ctx);
    await db.updateTable('packs').set({ dimension: 512 }).where('pack_id', '=', 'tiny').execute();
    await expect(registerPacks(ctx)).rejects.toThrow('gave 512 numbers before and now 8');
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('the old pack is in force until its time, and not after', () => {
  const clock = drivenClock(new Date('2026-05-01T00:00:00Z'));
  const packOf = (id: string) => ({
    place: { id, folder: id, isBuiltIn: true },
    manifest: { ...dlibManifest, id },
  });
  const old = { id: 'old', until: new Date('2026-05-02T00:00:00Z') };
  const packs = new PacksInForce({ current: packOf('new'), oldPack: packOf('old'), old, clock });
  expect(packs.ids()).toEqual(['new', 'old']);
  clock.advance(24 * 3600);
  expect(packs.ids()).toEqual(['new']);
  expect(packs.isOldOver()).toBe(true);
});

test('the typical face of the old pack goes with its faces', async () => {
  const { db } = database;
  await see([faceAt(newPerson(), 0.1)]);
  for (const packId of ['old', 'new']) {
    await enrol(newPerson(), packId);
    await insertTypicalFace(db, packId, { embedding: newPerson(), usualDistance: 1 }, new Date());
  }
  await removeAll();
  const left = db.selectFrom('typical_faces').select('pack_id').where('pack_id', 'in', ['old', 'new']);
  expect(await left.execute()).toEqual([{ pack_id: 'new' }]);
});

test('who withdraws while the templates of the old pack go leaves no note of a facecam behind', async () => {
  const { db } = database;
  const { memberId, facecamId } = await enrol(newPerson());
  const removed = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const removing = db.transaction().execute(async (tx) => {
    await deleteTemplatesOfPack(tx, 'old', 100);
    removed.resolve();
    await released.promise;
  });
  await Promise.race([removed.promise, removing]);
  const erasing = erase(memberId);
  const waiting = sql`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  await waitFor(async () => (await waiting.execute(db)).rows.length > 0, {
    what: 'the withdrawal to wait for the removal',
  });
  released.resolve();
  await Promise.all([removing, erasing]);
  const left = db.selectFrom('outdated_facecams').select('facecam_id').where('facecam_id', '=', facecamId);
  expect(await left.execute()).toEqual([]);
});
