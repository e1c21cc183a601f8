import { newId } from '@kilas/platform/process/ids.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rankPacks } from '../packs/pack-store.ts';
import { type FaceDatabase, openFaceDatabase } from '../testing/open-face-database.ts';
import { faceWith, newPerson } from '../testing/synthetic-faces.ts';
import { findBestRecognition, findRecognition } from './face-store.ts';
import { storeFaces } from './store-faces.ts';

let database: FaceDatabase;

beforeAll(async () => {
  database = await openFaceDatabase();
});

afterAll(() => database?.close());

function recognitionOf(photoId: string, packId = 'one-pack', processedKey = `00/${'0'.repeat(40)}`) {
  return { photoId, creatorId: newId(), eventId: newId(), packId, processedKey };
}

const listFaceIds = async (photoId: string) => {
  const query = database.db.selectFrom('faces').select('face_id').where('photo_id', '=', photoId).orderBy('face_id');
  return (await query.execute()).map((row) => row.face_id);
};

test('a photo keeps its faces when it is recognised again, and those erased since do not come back', async () => {
  const { db } = database;
  const photoId = newId();
  const faces = [faceWith(newPerson()), faceWith(newPerson())];
  await storeFaces(db, recognitionOf(photoId), faces, new Date());
  const [erased, kept] = await listFaceIds(photoId);
  await db
    .deleteFrom('faces')
    .where('face_id', '=', erased ?? '')
    .execute();
  const laterKey = `11/${'1'.repeat(40)}`;
  await storeFaces(db, recognitionOf(photoId, 'one-pack', laterKey), faces, new Date());
  expect(await listFaceIds(photoId)).toEqual([kept]);
  expect(await findRecognition(db, photoId, 'one-pack')).toMatchObject({ faceCount: 2, processedKey: laterKey });
});

test('two recognitions of one photo at once store its faces once', async () => {
  const { db } = database;
  for (let round = 0; round < 10; round++) {
    const photoId = newId();
    const faces = [faceWith(newPerson()), faceWith(newPerson()), faceWith(newPerson())];
    const store = () => storeFaces(db, recognitionOf(photoId), faces, new Date());
    await Promise.all([store(), store()]);
    expect(await listFaceIds(photoId)).toHaveLength(3);
  }
});

test('another pack has faces of its own beside them', async () => {
  const { db } = database;
  const photoId = newId();
  await storeFaces(db, recognitionOf(photoId), [faceWith(newPerson()), faceWith(newPerson())], new Date());
  const before = await listFaceIds(photoId);
  await storeFaces(db, recognitionOf(photoId, 'other-pack'), [faceWith(newPerson())], new Date());
  const after = await listFaceIds(photoId);
  expect(after).toHaveLength(3);
  expect(after).toEqual(expect.arrayContaining(before));
  expect(await findRecognition(db, photoId, 'one-pack')).toMatchObject({ faceCount: 2 });
  expect(await findRecognition(db, photoId, 'other-pack')).toMatchObject({ faceCount: 1 });
});

test('of several packs the one that is believed first speaks for the photo', async () => {
  const { db } = database;
  const photoId = newId();
  await storeFaces(db, recognitionOf(photoId), [faceWith(newPerson()), faceWith(newPerson())], new Date());
  await storeFaces(db, recognitionOf(photoId, 'other-pack'), [faceWith(newPerson())], new Date());
  await db.transaction().execute((tx) => rankPacks(tx, ['one-pack', 'other-pack']));
  expect(await findBestRecognition(db, photoId)).toMatchObject({ packId: 'one-pack', faceCount: 2 });
  await db.transaction().execute((tx) => rankPacks(tx, ['other-pack', 'one-pack']));
  expect(await findBestRecognition(db, photoId)).toMatchObject({ packId: 'other-pack', faceCount: 1 });
});

test('embeddings of any length are stored, of one pack all of one length', async () => {
  const { db } = database;
  const long = () => new Float32Array(512).fill(1 / Math.sqrt(512));
  const store = (embedding: Float32Array) =>
    storeFaces(db, recognitionOf(newId(), 'long-pack'), [faceWith(embedding)], new Date());
  await store(long());
  await store(long());
  await expect(store(newPerson())).rejects.toThrow('faces_pack');
});
