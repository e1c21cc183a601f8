import type { Interceptor } from '@connectrpc/connect';
import { DLIB_PACK_ID } from '@kilas/face-engine/packs/built-in-packs.ts';
import { takeSelfie } from '@kilas/face-engine/testing/sample-photos.ts';
import { openDatabase } from '@kilas/platform/db/database.ts';
import { newObjectKey } from '@kilas/platform/objects/file-objects.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import { interceptorsOf } from '@kilas/platform/service/service.ts';
import type { Kysely } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AiSchema } from '../db/schema.ts';
import { vectorOf } from '../db/vector.ts';
import { storeFaces } from '../faces/store-faces.ts';
import { type AiSystem, startAi, type TestPhoto } from '../testing/start-ai.ts';
import { faceWith, likenessOf, newPerson } from '../testing/synthetic-faces.ts';
import { storeFacecam } from '../testing/synthetic-steps.ts';
import { matchesPerCallMax } from './tell-photo.ts';

const manyCount = matchesPerCallMax + 20;
/** Hundreds of photos and members are made, on a machine that may be busy. */
const timeout = 90_000;
let ai: AiSystem;
let db: Kysely<AiSchema>;

beforeAll(async () => {
  ai = await startAi({ FACE_PACK: DLIB_PACK_ID });
  db = openDatabase<AiSchema>({ url: ai.system.databaseUrls.ai, poolSizeMax: 1, onTrouble: () => {} });
});

afterAll(async () => {
  await db?.destroy();
  await ai?.system.close();
});

const times = <Value>(count: number, make: () => Value) => Array.from({ length: count }, make);

/** A photo with these faces, as if it had been analysed already. */
async function addAnalysed(embeddings: readonly Float32Array[]): Promise<TestPhoto> {
  const processedKey = newObjectKey();
  await ai.objects.write({ bucket: 'previews', key: processedKey }, Buffer.from('boxes'));
  const photo = { photoId: newId(), creatorId: ai.creator.accountId, compressedKey: newObjectKey(), processedKey };
  await ai.registerPhoto(photo);
  await storeFaces(db, { ...photo, eventId: null, packId: DLIB_PACK_ID }, embeddings.map(faceWith), new Date());
  return photo;
}

test('a photo in which more people are than one call carries is told in full', { timeout }, async () => {
  const crowd = newPerson();
  const enrol = (memberId: string) => storeFacecam(db, likenessOf(crowd, 0.2), { memberId, packId: DLIB_PACK_ID });
  const first = await ai.newMember();
  await enrol(first.accountId);
  await Promise.all(times(manyCount - 2, () => enrol(newId())));
  const last = await ai.newMember();
  await enrol(last.accountId);

  const photo = await addAnalysed([crowd]);
  expect(await ai.faces.processPhoto(photo)).toMatchObject({ faceCount: 1, matchCount: manyCount });
  for (const member of [first, last]) {
    expect(await ai.photosOf(member)).toMatchObject([{ photoId: photo.photoId }]);
  }
  expect(await ai.recognitionOf(photo.photoId)).toMatchObject({ recognition: 'done', faceCount: 1 });
});

test('a facecam that finds more photos than one call carries tells of all of them', { timeout }, async () => {
  const member = await ai.newMember();
  const guest = await ai.addFacecam(await takeSelfie('guest'), member.accountId);
  await ai.faces.enrolFacecam(guest);
  const template = await db
    .selectFrom('templates')
    .select('embedding')
    .where('facecam_id', '=', guest.facecamId)
    .executeTakeFirstOrThrow();
  const person = Float32Array.from(template.embedding.slice(1, -1).split(','), Number);
  const photos = await Promise.all(times(manyCount, () => addAnalysed([likenessOf(person, 0.3)])));

  expect(await ai.faces.enrolFacecam(guest)).toMatchObject({ matchCount: manyCount });
  const found = await ai.photosOf(member);
  expect(found.map(({ photoId }) => photoId)).toEqual(photos.map(({ photoId }) => photoId).sort());
});

test('whoever enrols and is nearer to a face makes others who are farther off be asked, at once', async () => {
  const [member, rival] = [await ai.newMember(), await ai.newMember()];
  const person = newPerson();
  await storeFacecam(db, likenessOf(person, 0.3), { memberId: member.accountId, packId: DLIB_PACK_ID });
  const { photoId, ...photo } = await addAnalysed([person]);
  await ai.faces.processPhoto({ photoId, ...photo });
  expect(await ai.photosOf(member)).toMatchObject([{ photoId }]);

  const friend = await ai.addFacecam(await takeSelfie('friend'), rival.accountId);
  await ai.faces.enrolFacecam(friend);
  const own = db.updateTable('templates').set({ embedding: vectorOf(likenessOf(person, 0.1)) });
  await own.where('facecam_id', '=', friend.facecamId).execute();
  await ai.faces.enrolFacecam(friend);
  expect(await ai.photosOf(rival)).toMatchObject([{ photoId }]);
  expect(await ai.photosOf(member)).toEqual([]);
  const { headers } = member;
  const questions = await ai.system.app.inject({ url: '/v1/explore/questions', headers });
  expect(questions.json().items).toMatchObject([{ photoId, match: { isSure: false } }]);
  await ai.faces.forgetFacecam(friend);
});

test('a facecam that is forgotten while its matches are on their way leaves none at photo', async () => {
  const member = await ai.newMember();
  const guest = await ai.addFacecam(await takeSelfie('guest', 1), member.accountId);
  const road = holdUp('RecordMatches');
  const enrolment = ai.faces.enrolFacecam(guest);
  await road.reached;
  await ai.faces.forgetFacecam(guest);
  road.release();
  await enrolment;
  expect(await ai.photosOf(member)).toEqual([]);
});

/** Keeps calls of one method from reaching photo until they are released. */
function holdUp(method: string): { reached: Promise<void>; release: () => void } {
  const arrival = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const hold: Interceptor = (next) => async (request) => {
    if (request.method.name === method) {
      arrival.resolve();
      await release.promise;
    }
    return next(request);
  };
  const photo = ai.system.service('photo');
  ai.system.network.serve('photo', { routes: photo.rpc, interceptors: [...interceptorsOf(photo), hold] });
  return { reached: arrival.promise, release: release.resolve };
}
