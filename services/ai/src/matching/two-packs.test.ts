import { newId } from '@kilas/platform/process/ids.ts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { cutOffUntil } from '../claims/cut-off.ts';
import { storeTemplates } from '../facecams/store-templates.ts';
import { storeFaces } from '../faces/store-faces.ts';
import { rankPacks } from '../packs/pack-store.ts';
import { deleteTemplates } from '../templates/template-store.ts';
import { type FaceDatabase, openFaceDatabase } from '../testing/open-face-database.ts';
import { faceWith, likenessOf, newPerson } from '../testing/synthetic-faces.ts';
import { eraseMember } from '../withdrawals/erase-member.ts';
import { matchFacecam } from './match-facecam.ts';
import { matchPhoto } from './match-photo.ts';
import { listMatchesByMember, listMatchesByPhoto } from './match-store.ts';

const page = { after: undefined, limit: 100 };
let database: FaceDatabase;

beforeAll(async () => {
  database = await openFaceDatabase();
});

afterAll(() => database?.close());

beforeEach(() => database.db.transaction().execute((tx) => rankPacks(tx, ['new', 'old'])));

type Embeddings = Partial<Record<'old' | 'new', Float32Array>>;

async function addPhoto(embeddings: Embeddings, photoId = newId()): Promise<string> {
  for (const [packId, embedding] of Object.entries(embeddings)) {
    const recognition = { photoId, creatorId: newId(), eventId: null, packId, processedKey: 'any' };
    await storeFaces(database.db, recognition, [faceWith(embedding)], new Date());
  }
  await matchPhoto(database.db, photoId, new Date());
  return photoId;
}

async function enrol(embeddings: Embeddings, memberId = newId(), consentEpoch = 1) {
  const facecam = { memberId, facecamId: newId(), consentEpoch };
  for (const [packId, embedding] of Object.entries(embeddings)) {
    await storeTemplates(database.db, [{ ...facecam, packId, embedding, provenLive: true }], new Date());
  }
  await matchFacecam(database.db, facecam);
  return facecam;
}

const countFaces = async (photoId: string) =>
  (await database.db.selectFrom('faces').select('face_id').where('photo_id', '=', photoId).execute()).length;

test('a member who is found under two packs is in the photo once, by the one that is believed first', async () => {
  const { db } = database;
  const [oldFace, newFace] = [newPerson(), newPerson()];
  const { memberId, facecamId } = await enrol({ old: oldFace, new: newFace });
  // Nearer under the old pack: distances of two packs are not compared.
  const photoId = await addPhoto({ old: likenessOf(oldFace, 0.1), new: likenessOf(newFace, 0.4) });
  for (const found of [
    await listMatchesByPhoto(db, photoId, page),
    await listMatchesByMember(db, memberId, page),
    await listMatchesByMember(db, memberId, { ...page, facecamId }),
  ]) {
    expect(found).toMatchObject([{ photoId, memberId, packId: 'new' }]);
    expect(found[0]?.distance).toBeCloseTo(0.4, 3);
  }
  await db.transaction().execute((tx) => rankPacks(tx, ['old', 'new']));
  expect(await listMatchesByPhoto(db, photoId, page)).toMatchObject([{ packId: 'old' }]);
});

test('who is enrolled under the old pack alone is still found in photos that carry both', async () => {
  const oldFace = newPerson();
  const { memberId } = await enrol({ old: oldFace });
  const photoId = await addPhoto({ old: likenessOf(oldFace, 0.2), new: newPerson() });
  expect(await listMatchesByMember(database.db, memberId, page)).toMatchObject([{ photoId, packId: 'old' }]);
});

test('a photo that is recognised under the new pack later is found by those enrolled under it', async () => {
  const newFace = newPerson();
  const photoId = await addPhoto({ old: newPerson() });
  const { memberId } = await enrol({ new: newFace });
  expect(await listMatchesByMember(database.db, memberId, page)).toEqual([]);
  await addPhoto({ new: likenessOf(newFace, 0.2) }, photoId);
  expect(await listMatchesByMember(database.db, memberId, page)).toMatchObject([{ photoId, packId: 'new' }]);
});

test('a newer consent speaks first, since it outlives the withdrawal of the older, under whichever pack', async () => {
  const { db } = database;
  const [oldFace, newFace] = [newPerson(), newPerson()];
  const first = await enrol({ old: oldFace, new: newFace });
  const photoId = await addPhoto({ old: likenessOf(oldFace, 0.2), new: likenessOf(newFace, 0.2) });
  await enrol({ old: oldFace }, first.memberId, 2);
  expect(await listMatchesByPhoto(db, photoId, page)).toMatchObject([{ packId: 'old', consentEpoch: 2 }]);
});

test('withdrawing erases the face that each pack saw', async () => {
  const { db } = database;
  const [oldFace, newFace] = [newPerson(), newPerson()];
  const { memberId } = await enrol({ old: oldFace, new: newFace });
  const photoId = await addPhoto({ old: likenessOf(oldFace, 0.2), new: likenessOf(newFace, 0.2) });
  const erased = await db
    .transaction()
    .execute((tx) => eraseMember(tx, { memberId, epoch: 1 }, cutOffUntil(new Date(), new Date())));
  expect([erased.templates.length, erased.faces.length]).toEqual([2, 2]);
  expect(await countFaces(photoId)).toBe(0);
});

test('a facecam that is forgotten is forgotten under all packs', async () => {
  const { db } = database;
  const [oldFace, newFace] = [newPerson(), newPerson()];
  const { memberId, facecamId } = await enrol({ old: oldFace, new: newFace });
  await addPhoto({ old: likenessOf(oldFace, 0.2), new: likenessOf(newFace, 0.2) });
  await db.transaction().execute((tx) => deleteTemplates(tx, facecamId, memberId));
  expect(await listMatchesByMember(db, memberId, page)).toEqual([]);
});
