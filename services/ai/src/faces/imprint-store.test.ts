import { imprintLength } from '@kilas/face-engine/imprints/imprint.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FaceDatabase, openFaceDatabase } from '../testing/open-face-database.ts';
import { faceWith, likenessOf, newPerson } from '../testing/synthetic-faces.ts';
import { packId } from '../testing/synthetic-steps.ts';
import type { Face } from './face.ts';
import { listNearestFaces } from './imprint-store.ts';
import { deleteFacesAt, listPlacesOfFaces } from './place-store.ts';
import { storeFaces } from './store-faces.ts';

let database: FaceDatabase;

beforeAll(async () => {
  database = await openFaceDatabase();
});

afterAll(() => database?.close());

const imprint = (value: number) => new Float32Array(imprintLength).fill(value);
const all = { among: undefined, distanceMax: 1, limit: 10 };

async function store(...faces: Face[]): Promise<string[]> {
  const photo = { photoId: newId(), creatorId: newId(), eventId: null, packId, processedKey: 'key' };
  await storeFaces(database.db, photo, faces, new Date());
  const rows = database.db.selectFrom('faces').select('face_id').where('photo_id', '=', photo.photoId);
  return (await rows.execute()).map((row) => row.face_id);
}

test('the faces around one are listed with their imprints, the nearest first, and no more than are asked for', async () => {
  const person = newPerson();
  await store({ ...faceWith(likenessOf(person, 0.5)), imprints: { photo: imprint(0.25), preview: imprint(0.5) } });
  await store({ ...faceWith(likenessOf(person, 0.2)), imprints: { photo: imprint(0.75), preview: undefined } });
  await store(faceWith(likenessOf(person, 0.8)));
  const found = await listNearestFaces(database.db, { packId, embedding: person }, all);
  expect(found.map(({ imprints }) => imprints.map(([first]) => first))).toEqual([[0.75], [0.25, 0.5], []]);
  expect(found[0]?.distance).toBeCloseTo(0.2, 3);
  const near = await listNearestFaces(database.db, { packId, embedding: person }, { ...all, limit: 1 });
  expect(near).toHaveLength(1);
  const within = await listNearestFaces(database.db, { packId, embedding: person }, { ...all, distanceMax: 0.3 });
  expect(within).toHaveLength(1);
  expect(await listNearestFaces(database.db, { packId: 'another', embedding: person }, all)).toEqual([]);
});

test('an imprint goes with its face', async () => {
  const faceIds = await store({ ...faceWith(newPerson()), imprints: { photo: imprint(1), preview: imprint(1) } });
  const countImprints = async () =>
    (await database.db.selectFrom('face_imprints').select('face_id').where('face_id', 'in', faceIds).execute()).length;
  expect(await countImprints()).toBe(1);
  await database.db.transaction().execute(async (tx) => deleteFacesAt(tx, await listPlacesOfFaces(tx, faceIds)));
  expect(await countImprints()).toBe(0);
});
