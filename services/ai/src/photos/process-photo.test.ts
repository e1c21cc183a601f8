import { l2Distance } from '@kilas/face-engine/distances/distance.ts';
import { openFaceEngine } from '@kilas/face-engine/face-engine.ts';
import { DEFAULT_PACK_ID } from '@kilas/face-engine/packs/built-in-packs.ts';
import { builtInPlace } from '@kilas/face-engine/packs/open-pack.ts';
import { type people, readSample, takeSelfie } from '@kilas/face-engine/testing/sample-photos.ts';
import { openDatabase } from '@kilas/platform/db/database.ts';
import { newObjectKey } from '@kilas/platform/objects/file-objects.ts';
import { refusalOf } from '@kilas/platform/problems/refusal.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import type { Member } from '@kilas/testkit/sign-up.ts';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { imagesPerEngine } from '../analysis/engine-pool.ts';
import type { AiSchema } from '../db/schema.ts';
import { reasonOf } from '../testing/reason-of.ts';
import { type AiSystem, startAi } from '../testing/start-ai.ts';

const roundCount = 3;
const waitingMax = 3;
let ai: AiSystem;
let member: Member;

beforeAll(async () => {
  ai = await startAi({ AI_CONCURRENCY: '1', AI_QUEUE_MAX: String(waitingMax) });
  member = await ai.newMember();
});

afterAll(() => ai?.system.close());

const idsFound = async () => (await ai.photosOf(member)).map(({ photoId }) => photoId);

/** Runs a part of a test during which the member is enrolled with a selfie of this person. */
async function whileEnrolled(person: keyof typeof people, run: () => Promise<void>): Promise<void> {
  const facecam = await ai.addFacecam(await takeSelfie(person), member.accountId);
  await ai.faces.enrolFacecam(facecam);
  await run();
  await ai.faces.forgetFacecam(facecam);
}

test('a new photo is found by those who enrolled before, and by no other', async () => {
  await whileEnrolled('guest', async () => {
    const shown = await ai.addPhoto(await readSample(6));
    const absent = await ai.addPhoto(await readSample(3));
    expect(await ai.faces.processPhoto(shown)).toMatchObject({ faceCount: 4, matchCount: 1 });
    expect(await ai.faces.processPhoto(absent)).toMatchObject({ faceCount: 3, matchCount: 0 });
    expect(await idsFound()).toEqual([shown.photoId]);
    expect(await ai.recognitionOf(absent.photoId)).toMatchObject({ recognition: 'done', faceCount: 3 });
  });
});

test("a creator's own photo does not match the creator", async () => {
  await whileEnrolled('guest', async () => {
    const own = await ai.addPhoto(await readSample(6), member.accountId);
    expect(await ai.faces.processPhoto(own)).toMatchObject({ faceCount: 4, matchCount: 0 });
  });
});

test('a photo that comes again is told again, with faces made once and no image needed', async () => {
  const photo = await ai.addPhoto(await readSample(3));
  const first = await ai.faces.processPhoto(photo);
  await ai.objects.delete({ bucket: 'originals', key: photo.compressedKey });
  const retry = { ...photo, processedKey: newObjectKey() };
  expect(await ai.faces.processPhoto(retry)).toEqual(first);
  // The image with boxes that is there already serves; this try makes none.
  expect(await ai.objects.exists({ bucket: 'previews', key: retry.processedKey })).toBe(false);
});

test('what photo could not be told is told when the photo comes again', async () => {
  const photo = { ...(await ai.addPhoto(await readSample(6))), photoId: newId() };
  await whileEnrolled('guest', async () => {
    expect(await reasonOf(ai.faces.processPhoto(photo))).toBe('PHOTO_NOT_FOUND');
    await ai.registerPhoto(photo);
    expect(await idsFound()).not.toContain(photo.photoId);
    await ai.faces.processPhoto(photo);
    expect(await idsFound()).toContain(photo.photoId);
    expect(await ai.recognitionOf(photo.photoId)).toMatchObject({ recognition: 'done', faceCount: 4 });
  });
});

test('the image with boxes is written, and the creator sees it', async () => {
  const photo = await ai.addPhoto(await readSample(2));
  await ai.faces.processPhoto(photo);
  const drawn = await ai.objects.read({ bucket: 'previews', key: photo.processedKey });
  const { format, width, height } = await sharp(drawn).metadata();
  expect({ format, width, height }).toEqual({ format: 'jpeg', width: 1200, height: 854 });
  expect((await ai.recognitionOf(photo.photoId))?.processedUrl).toContain(photo.processedKey);
});

test('a photo whose image with boxes was taken away gets a new one', async () => {
  const photo = await ai.addPhoto(await readSample(2));
  await ai.faces.processPhoto(photo);
  await ai.objects.delete({ bucket: 'previews', key: photo.processedKey });
  const retry = { ...photo, processedKey: newObjectKey() };
  expect(await ai.faces.processPhoto(retry)).toMatchObject({ faceCount: 3 });
  expect(await ai.objects.exists({ bucket: 'previews', key: retry.processedKey })).toBe(true);
});

test('a photo without people is done, with no faces', async () => {
  const empty = await sharp({ create: { width: 900, height: 600, channels: 3, background: '#4a6' } })
    .jpeg()
    .toBuffer();
  const photo = await ai.addPhoto(empty);
  expect(await ai.faces.processPhoto(photo)).toMatchObject({ faceCount: 0, matchCount: 0 });
  expect(await ai.recognitionOf(photo.photoId)).toMatchObject({ recognition: 'done', faceCount: 0 });
});

test('an image that cannot be decoded ends the recognition with its reason', async () => {
  const whole = await readSample(1);
  const photo = await ai.addPhoto(whole.subarray(0, 60_000));
  expect(await reasonOf(ai.faces.processPhoto(photo))).toBe('IMAGE_BROKEN');
  const told = { recognition: 'failed', recognitionFailure: 'IMAGE_BROKEN' };
  expect(await ai.recognitionOf(photo.photoId)).toMatchObject(told);
});

test('an image that is not there yet fails the call, not the recognition', async () => {
  const photo = await ai.addPhoto(await readSample(1));
  await ai.objects.delete({ bucket: 'originals', key: photo.compressedKey });
  expect(await reasonOf(ai.faces.processPhoto(photo))).toContain('internal');
  expect(await ai.recognitionOf(photo.photoId)).toMatchObject({ recognition: 'pending' });
});

test('what is stored of a face is not the vector that the networks made', async () => {
  const image = await readSample(6);
  const env = ai.system.environmentOf('ai');
  const engine = await openFaceEngine({ pack: builtInPlace(env.GRAPHS_FOLDER ?? '', DEFAULT_PACK_ID), threads: 1 });
  const made = (await engine.analyse(image)).faces.map(({ embedding }) => embedding);
  await engine.close();
  const photo = await ai.addPhoto(image);
  await ai.faces.processPhoto(photo);
  const db = openDatabase<AiSchema>({ url: env.DATABASE_URL ?? '', poolSizeMax: 1, onTrouble: () => {} });
  const rows = await db.selectFrom('faces').select('embedding').where('photo_id', '=', photo.photoId).execute();
  await db.destroy();
  const stored = rows.map(({ embedding }) => Float32Array.from(JSON.parse(embedding)));
  expect(stored).toHaveLength(made.length);
  for (const one of stored) for (const another of made) expect(l2Distance(one, another)).toBeGreaterThan(0.9);
});

test('the same photo twice at once has its faces once', async () => {
  const photo = await ai.addPhoto(await readSample(6));
  const [one, other] = await Promise.all([ai.faces.processPhoto(photo), ai.faces.processPhoto(photo)]);
  expect(one).toEqual(other);
  await whileEnrolled('guest', async () => {
    expect((await idsFound()).filter((photoId) => photoId === photo.photoId)).toHaveLength(1);
  });
});

test('a photo and a selfie of the same moment never miss each other', async () => {
  for (let round = 0; round < roundCount; round++) {
    const friend = await ai.addFacecam(await takeSelfie('friend'), member.accountId);
    const photo = await ai.addPhoto(await readSample(6));
    await Promise.all([ai.faces.processPhoto(photo), ai.faces.enrolFacecam(friend)]);
    expect(await idsFound()).toContain(photo.photoId);
    await ai.faces.forgetFacecam(friend);
  }
});

test('a withdrawal erases the matched faces for good: the photo is not found by a consent given anew', async () => {
  const friend = await ai.newMember();
  const photo = await ai.addPhoto(await readSample(6));
  const facecam = { ...(await ai.addFacecam(await takeSelfie('friend'), friend.accountId)), provenLive: true };
  await ai.faces.processPhoto(photo);
  const { matchCount } = await ai.faces.enrolFacecam(facecam);
  expect(matchCount).toBeGreaterThan(0);
  expect(await ai.withdraw(friend.accountId, 1)).toEqual({
    templates: 1,
    faces: matchCount,
    facesCutOff: 0,
    matches: matchCount,
  });
  await ai.faces.processPhoto(photo);
  const anew = await ai.addFacecam(await takeSelfie('friend', 1), friend.accountId);
  expect(await ai.faces.enrolFacecam({ ...anew, consentEpoch: 2 })).toMatchObject({ matchCount: 0 });
  await ai.faces.forgetFacecam(anew);
});

test('when too many photos wait, the next is refused with the seconds to wait, and selfies still go first', async () => {
  const image = await readSample(3);
  const photos = [];
  for (let i = 0; i < imagesPerEngine + waitingMax + 1; i++) photos.push(await ai.addPhoto(image));
  const selfie = await takeSelfie('guest');
  const done: string[] = [];
  const calls = photos.map(async (photo) => {
    await ai.faces.processPhoto(photo);
    done.push('photo');
  });
  const refused = await Promise.any(calls.map((call) => call.then(() => Promise.reject(), refusalOf)));
  expect(refused?.reason).toBe('AI_BUSY');
  expect(Number(refused?.params.retryAfterSeconds)).toBeGreaterThan(0);
  await ai.faces.inspectFacecam({ memberId: newId(), image: selfie });
  done.push('selfie');
  await Promise.allSettled(calls);
  expect(done.slice(0, imagesPerEngine + 1)).toContain('selfie');
  expect(done).toHaveLength(imagesPerEngine + waitingMax + 1);
});
