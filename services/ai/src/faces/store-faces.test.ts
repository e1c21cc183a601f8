import { newId } from '@kilas/platform/ids.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FaceDatabase, openFaceDatabase } from '../testing/open-face-database.ts';
import { faceWith, newPerson } from '../testing/synthetic-faces.ts';
import { findRecognition } from './face-store.ts';
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
  expect(await findRecognition(db, photoId)).toMatchObject({ faceCount: 2, processedKey: laterKey });
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

test('another pack replaces the faces', async () => {
  const { db } = database;
  const photoId = newId();
  await storeFaces(db, recognitionOf(photoId), [faceWith(newPerson()), faceWith(newPerson())], new Date());
  const before = await listFaceIds(photoId);
  await storeFaces(db, recognitionOf(photoId, 'other-pack'), [faceWith(newPerson())], new Date());
  const after = await listFaceIds(photoId);
  expect(after).toHaveLength(1);
  expect(before).not.toContain(after[0]);
  expect(await findRecognition(db, photoId)).toMatchObject({ packId: 'other-pack', faceCount: 1 });
});
