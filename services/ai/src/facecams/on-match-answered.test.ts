import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { createClient, type Interceptor } from '@connectrpc/connect';
import { MatchAnsweredSchema } from '@kilas/contracts/gen/kilas/photo/v1/events_pb.js';
import { EventService } from '@kilas/contracts/gen/kilas/platform/v1/event_service_pb.js';
import { DLIB_PACK_ID } from '@kilas/face-engine/packs/built-in-packs.ts';
import { takeSelfie } from '@kilas/face-engine/testing/sample-photos.ts';
import { consentVersion } from '@kilas/messages/consent.ts';
import { openDatabase } from '@kilas/platform/db/database.ts';
import { newObjectKey } from '@kilas/platform/objects/file-objects.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import { interceptorsOf } from '@kilas/platform/service/service.ts';
import { query } from '@kilas/testkit/query.ts';
import type { Member } from '@kilas/testkit/sign-up.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AiSchema } from '../db/schema.ts';
import { vectorOf } from '../db/vector.ts';
import { storeFaces } from '../faces/store-faces.ts';
import { type AiSystem, type Facecam, startAi } from '../testing/start-ai.ts';
import { beyond, faceWith, likenessOf, newPerson } from '../testing/synthetic-faces.ts';
import { storeFacecam } from '../testing/synthetic-steps.ts';

const timeoutMs = 20_000;
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

interface Enrolled {
  readonly member: Member;
  readonly memberId: string;
  readonly facecam: Facecam;
  readonly selfie: Float32Array;
  /** The creator of this test's photos, so that no other test's faces are in their gallery. */
  readonly creatorId: string;
}

/** A member with one selfie, taken for that of a person nobody resembles; what they agreed to is the text as it is now. */
async function enrol({ consent }: { consent: boolean } = { consent: true }): Promise<Enrolled> {
  const member = await ai.newMember({ consent });
  const memberId = member.accountId;
  const facecam = await ai.addFacecam(await takeSelfie('guest'), memberId);
  await ai.faces.enrolFacecam(facecam);
  const selfie = newPerson();
  await replaceTemplates(memberId, vectorOf(selfie));
  return { member, memberId, facecam, selfie, creatorId: newId() };
}

async function replaceTemplates(memberId: string, embedding: string): Promise<void> {
  await db.updateTable('templates').set({ embedding }).where('member_id', '=', memberId).execute();
}

/** A photo with these faces, as if it had been analysed already, and searched. */
async function addPhoto({ creatorId }: Enrolled, ...embeddings: Float32Array[]): Promise<string> {
  const processedKey = newObjectKey();
  await ai.objects.write({ bucket: 'previews', key: processedKey }, Buffer.from('boxes'));
  const photo = { photoId: newId(), creatorId, compressedKey: newObjectKey(), processedKey };
  await ai.registerPhoto(photo);
  await storeFaces(db, { ...photo, eventId: null, packId: DLIB_PACK_ID }, embeddings.map(faceWith), new Date());
  await ai.faces.processPhoto(photo);
  return photo.photoId;
}

async function answer({ member }: Enrolled, photoId: string, said: 'confirmed' | 'rejected'): Promise<void> {
  const request = { url: `/v1/photos/${photoId}/match`, headers: member.headers, payload: { answer: said } };
  const reply = await ai.system.app.inject({ method: 'PUT', ...request });
  expect(reply.statusCode).toBe(204);
}

const found = async ({ member }: Enrolled) => (await ai.photosOf(member)).map(({ photoId }) => photoId);
/** The selfie first. */
const templatesOf = async (memberId: string) => {
  const query = db.selectFrom('templates').select('source').where('member_id', '=', memberId);
  return (await query.orderBy('source', 'desc').execute()).map(({ source }) => source);
};
const countHeard = async () => (await sql`select event_id from handled_events`.execute(db)).rows.length;
const countUntold = async () => (await db.selectFrom('untold_endings').selectAll().execute()).length;
const waitForPhotos = (enrolled: Enrolled, photoIds: string[], what: string) =>
  waitFor(async () => JSON.stringify(await found(enrolled)) === JSON.stringify([...photoIds].sort()), {
    what,
    timeoutMs,
  });

/** A photo of the member, and one that only this one's face finds. */
async function addChain(enrolled: Enrolled) {
  const face = likenessOf(enrolled.selfie, 0.5);
  const near = await addPhoto(enrolled, face);
  const far = await addPhoto(enrolled, beyond(enrolled.selfie, face, 1.7));
  expect(await found(enrolled)).toEqual([near]);
  return { near, far };
}

test('what a confirmed face finds is shown, until its member rejects the photo, and again when they think better of it', async () => {
  const enrolled = await enrol();
  const { near, far } = await addChain(enrolled);
  for (let round = 0; round < 2; round++) {
    await answer(enrolled, near, 'confirmed');
    await waitForPhotos(enrolled, [near, far], 'the photo that the confirmed face finds');
    await answer(enrolled, near, 'rejected');
    await waitForPhotos(enrolled, [], 'the end of what it found');
    expect(await templatesOf(enrolled.memberId)).toEqual(['selfie']);
  }
});

test('a confirmed face ends with the last selfie, and what it found with it', async () => {
  const enrolled = await enrol();
  const { near, far } = await addChain(enrolled);
  await answer(enrolled, near, 'confirmed');
  await waitForPhotos(enrolled, [near, far], 'the photo that the confirmed face finds');
  await ai.faces.forgetFacecam(enrolled.facecam);
  expect(await templatesOf(enrolled.memberId)).toEqual([]);
  // What the member confirmed stays theirs in the catalogue.
  expect(await found(enrolled)).toEqual([near]);
});

test('whoever enrols later with that face ends it for the one who confirmed it', async () => {
  const enrolled = await enrol();
  const { near, far } = await addChain(enrolled);
  await answer(enrolled, near, 'confirmed');
  await waitForPhotos(enrolled, [near, far], 'the photo that the confirmed face finds');
  const rival = await ai.newMember();
  const other = await ai.addFacecam(await takeSelfie('guest', 1), rival.accountId);
  await ai.faces.enrolFacecam(other);
  // As if the rival's own face were that of the photo.
  const face = await db.selectFrom('faces').select('embedding').where('photo_id', '=', near).executeTakeFirstOrThrow();
  await db
    .updateTable('templates')
    .set({ embedding: face.embedding })
    .where('member_id', '=', rival.accountId)
    .execute();
  await ai.faces.enrolFacecam(other);
  expect(await templatesOf(enrolled.memberId)).toEqual(['selfie']);
  expect(await found(enrolled)).toEqual([near]);
});

test('who confirms a face that only their loose level shows gets no template of it', async () => {
  const enrolled = await enrol();
  const stranger = await addPhoto(enrolled, likenessOf(enrolled.selfie, 0.58));
  const own = await addPhoto(enrolled, likenessOf(enrolled.selfie, 0.3));
  await answer(enrolled, stranger, 'confirmed');
  await answer(enrolled, own, 'confirmed');
  await waitFor(async () => (await templatesOf(enrolled.memberId)).length === 2, {
    what: 'the second answer',
    timeoutMs,
  });
  const kept = db.selectFrom('templates').select('photo_id').where('member_id', '=', enrolled.memberId);
  expect(await kept.where('source', '=', 'confirmed').execute()).toEqual([{ photo_id: own }]);
});

test('who agreed to an older text keeps their answer and gets no template; once they agree to the newer one, confirming again makes it', async () => {
  const enrolled = await enrol({ consent: false });
  const { memberId } = enrolled;
  await giveOlderConsent(memberId);
  const { near, far } = await addChain(enrolled);
  const other = await addPhoto(enrolled, likenessOf(enrolled.selfie, 0.3));
  const heardBefore = await countHeard();
  await answer(enrolled, near, 'confirmed');
  await answer(enrolled, other, 'rejected');
  await waitFor(async () => (await countHeard()) === heardBefore + 2, { what: 'ai to hear both answers', timeoutMs });
  expect(await templatesOf(memberId)).toEqual(['selfie']);
  expect(await found(enrolled)).toEqual([near]);
  await agree(enrolled);
  await answer(enrolled, near, 'confirmed');
  await waitForPhotos(enrolled, [near, far], 'the photo that the confirmed face finds');
  await answer(enrolled, other, 'confirmed');
  await waitFor(async () => (await templatesOf(memberId)).length === 3, { what: 'one more template', timeoutMs });
  await answer(enrolled, near, 'rejected');
  await waitFor(async () => (await templatesOf(memberId)).length === 2, { what: 'the end of the first', timeoutMs });
});

test('an answer that does not say that a template may be made makes none, as a replica of before tells it; a rejection counts', async () => {
  const enrolled = await enrol();
  const { near } = await addChain(enrolled);
  const box = (await ai.photosOf(enrolled.member))[0]?.match.box;
  const told = { memberId: enrolled.memberId, photoId: near, consentEpoch: 1, ...(box === undefined ? {} : { box }) };
  expect(await deliver({ ...told, answer: 'confirmed' })).toEqual({});
  expect(await deliver({ ...told, answer: 'confirmed', mayBeTemplate: false })).toEqual({});
  expect(await templatesOf(enrolled.memberId)).toEqual(['selfie']);
  expect(await deliver({ ...told, answer: 'confirmed', mayBeTemplate: true })).toEqual({ templates: 1 });
  expect(await templatesOf(enrolled.memberId)).toEqual(['selfie', 'confirmed']);
  await deliver({ ...told, answer: 'rejected' });
  expect(await templatesOf(enrolled.memberId)).toEqual(['selfie']);
});

test('after a withdrawal nothing is left, and an answer that comes late writes nothing back', async () => {
  const enrolled = await enrol();
  const { near, far } = await addChain(enrolled);
  const box = (await ai.photosOf(enrolled.member))[0]?.match.box;
  await answer(enrolled, near, 'confirmed');
  await waitForPhotos(enrolled, [near, far], 'the photo that the confirmed face finds');
  const { memberId } = enrolled;
  expect(await ai.withdraw(memberId, 1)).toMatchObject({ templates: 2, matches: 2 });
  expect(await templatesOf(memberId)).toEqual([]);
  const late = { memberId, photoId: near, answer: 'confirmed', consentEpoch: 1, mayBeTemplate: true };
  expect(await deliver({ ...late, ...(box === undefined ? {} : { box }) })).toEqual({ templates: 0 });
  expect(await templatesOf(memberId)).toEqual([]);
  expect(await db.selectFrom('face_matches').selectAll().where('member_id', '=', memberId).execute()).toEqual([]);
});

test('an answer is told again until the search after it went well, and makes one template', async () => {
  const enrolled = await enrol();
  const { near, far } = await addChain(enrolled);
  const failures = failOnce('RecordMatches');
  await answer(enrolled, near, 'confirmed');
  await waitForPhotos(enrolled, [near, far], 'the photo that the confirmed face finds');
  expect(failures()).toBe(1);
  expect(await templatesOf(enrolled.memberId)).toEqual(['selfie', 'confirmed']);
  const endings = failOnce('ForgetFacecam');
  await answer(enrolled, near, 'rejected');
  await waitForPhotos(enrolled, [], 'the end of what it found');
  expect(endings()).toBe(1);
  await waitFor(async () => (await countUntold()) === 0, { what: 'photo to have heard of all', timeoutMs });
});

test('nobody but photo answers for a member', async () => {
  const events = createClient(EventService, ai.system.peersAs('user')('ai'));
  const payload = toBinary(MatchAnsweredSchema, create(MatchAnsweredSchema, { memberId: newId(), photoId: newId() }));
  const event = { eventId: newId(), type: MatchAnsweredSchema.typeName, payload };
  await expect(events.deliver(event)).rejects.toThrow('does not publish');
});

test('members whose faces are alike confirm without effect', async () => {
  const enrolled = await enrol();
  await storeFacecam(db, likenessOf(enrolled.selfie, 0.2), { packId: DLIB_PACK_ID });
  const photoId = await addPhoto(enrolled, likenessOf(enrolled.selfie, 0.1));
  await answer(enrolled, photoId, 'confirmed');
  const box = (await ai.photosOf(enrolled.member))[0]?.match.box;
  // The same answer told by hand: photo's own is on its way or was taken.
  const told = { memberId: enrolled.memberId, photoId, answer: 'confirmed', consentEpoch: 1, mayBeTemplate: true };
  expect(await deliver({ ...told, ...(box === undefined ? {} : { box }) })).toEqual({ templates: 0 });
});

async function giveOlderConsent(memberId: string): Promise<void> {
  const given =
    "insert into consents (id, account_id, epoch, version, given_at) values ($1, $2, 1, '2026-11-25', '2026-11-26')";
  await query(ai.system.databaseUrls.user, given, [newId(), memberId]);
}

async function agree({ member }: Enrolled): Promise<void> {
  const request = { url: '/v1/me/consent', headers: member.headers, payload: { version: consentVersion } };
  expect((await ai.system.app.inject({ method: 'PUT', ...request })).statusCode).toBe(200);
}

async function deliver(message: MessageInitShape<typeof MatchAnsweredSchema>) {
  const events = createClient(EventService, ai.system.peersAs('photo')('ai'));
  const payload = toBinary(MatchAnsweredSchema, create(MatchAnsweredSchema, message));
  return (await events.deliver({ eventId: newId(), type: MatchAnsweredSchema.typeName, payload })).effects;
}

/** The next call of one method finds photo away; answers how often that was. */
function failOnce(method: string): () => number {
  let count = 0;
  const fail: Interceptor = (next) => async (request) => {
    if (request.method.name === method && count++ === 0) throw new Error('photo is away');
    return next(request);
  };
  const photo = ai.system.service('photo');
  ai.system.network.serve('photo', { routes: photo.rpc, interceptors: [...interceptorsOf(photo), fail] });
  return () => Math.min(count, 1);
}
