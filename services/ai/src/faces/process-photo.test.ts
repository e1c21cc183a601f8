import { newObjectKey } from '@kilas/platform/file-objects.ts';
import { newId } from '@kilas/platform/ids.ts';
import { refusalOf } from '@kilas/platform/refusal.ts';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reasonOf } from '../testing/reason-of.ts';
import { readSample, takeSelfie } from '../testing/sample-photos.ts';
import { type AiSystem, startAi } from '../testing/start-ai.ts';

const roundCount = 4;
const waitingMax = 3;
let ai: AiSystem;

beforeAll(async () => {
  ai = await startAi({ AI_QUEUE_MAX: String(waitingMax) });
});

afterAll(() => ai?.system.close());

test('a new photo is found by those who enrolled before, and by no other', async () => {
  const guest = await ai.addFacecam(await takeSelfie('guest'));
  await ai.faces.enrolFacecam(guest);
  const shown = await ai.addPhoto(await readSample(6));
  const absent = await ai.addPhoto(await readSample(3));
  expect(await ai.faces.processPhoto(shown)).toMatchObject({ faceCount: 4, matchCount: 1 });
  expect(await ai.faces.processPhoto(absent)).toMatchObject({ faceCount: 3, matchCount: 0 });
  expect(ai.photo.matchesOf(guest.memberId)).toMatchObject([{ photoId: shown.photoId, facecamId: guest.facecamId }]);
  await ai.faces.forgetFacecam(guest);
});

test("a creator's own photo does not match the creator", async () => {
  const guest = await ai.addFacecam(await takeSelfie('guest'));
  await ai.faces.enrolFacecam(guest);
  const own = { ...(await ai.addPhoto(await readSample(6))), creatorId: guest.memberId };
  expect(await ai.faces.processPhoto(own)).toMatchObject({ faceCount: 4, matchCount: 0 });
  await ai.faces.forgetFacecam(guest);
});

test('a photo that comes again is told again, with faces made once and no image needed', async () => {
  const photo = await ai.addPhoto(await readSample(3));
  const first = await ai.faces.processPhoto(photo);
  await ai.objects.delete({ bucket: 'originals', key: photo.compressedKey });
  ai.photo.recognitions.delete(photo.photoId);
  const retry = { ...photo, processedKey: newObjectKey() };
  expect(await ai.faces.processPhoto(retry)).toEqual(first);
  // The image with boxes that is there, not the one that this try would have made.
  expect(ai.photo.recognitions.get(photo.photoId)).toMatchObject({ faceCount: 3, processedKey: photo.processedKey });
});

test('the image with boxes is written, at most 1280 pixels long', async () => {
  const photo = await ai.addPhoto(await readSample(2));
  await ai.faces.processPhoto(photo);
  const drawn = await ai.objects.read({ bucket: 'previews', key: photo.processedKey });
  const { format, width, height } = await sharp(drawn).metadata();
  expect({ format, width, height }).toEqual({ format: 'jpeg', width: 1280, height: 911 });
});

test('a photo whose image with boxes was taken away gets a new one', async () => {
  const photo = await ai.addPhoto(await readSample(2));
  await ai.faces.processPhoto(photo);
  await ai.objects.delete({ bucket: 'previews', key: photo.processedKey });
  const retry = { ...photo, processedKey: newObjectKey() };
  await ai.faces.processPhoto(retry);
  expect(await ai.objects.exists({ bucket: 'previews', key: retry.processedKey })).toBe(true);
  expect(ai.photo.recognitions.get(photo.photoId)).toMatchObject({ faceCount: 3, processedKey: retry.processedKey });
});

test('a photo without people is done, with no faces', async () => {
  const empty = await sharp({ create: { width: 900, height: 600, channels: 3, background: '#4a6' } })
    .jpeg()
    .toBuffer();
  const photo = await ai.addPhoto(empty);
  expect(await ai.faces.processPhoto(photo)).toMatchObject({ faceCount: 0, matchCount: 0 });
});

test('an image that cannot be decoded ends the recognition with its reason', async () => {
  const whole = await readSample(1);
  const photo = await ai.addPhoto(whole.subarray(0, 60_000));
  expect(await reasonOf(ai.faces.processPhoto(photo))).toBe('IMAGE_BROKEN');
  expect(ai.photo.failures).toMatchObject([{ photoId: photo.photoId, reason: 'IMAGE_BROKEN' }]);
});

test('an image that is not there yet fails the call, not the recognition', async () => {
  const photo = await ai.addPhoto(await readSample(1));
  await ai.objects.delete({ bucket: 'originals', key: photo.compressedKey });
  expect(await reasonOf(ai.faces.processPhoto(photo))).toContain('internal');
  expect(ai.photo.failures.filter(({ photoId }) => photoId === photo.photoId)).toEqual([]);
});

test('the same photo twice at once has its faces once', async () => {
  const guest = await ai.addFacecam(await takeSelfie('guest'));
  const photo = await ai.addPhoto(await readSample(6));
  const [one, other] = await Promise.all([ai.faces.processPhoto(photo), ai.faces.processPhoto(photo)]);
  expect(one).toEqual(other);
  await ai.faces.enrolFacecam(guest);
  expect(ai.photo.matchesOf(guest.memberId).filter(({ photoId }) => photoId === photo.photoId)).toHaveLength(1);
  await ai.faces.forgetFacecam(guest);
});

test('a photo and a selfie of the same moment never miss each other', async () => {
  for (let round = 0; round < roundCount; round++) {
    const friend = await ai.addFacecam(await takeSelfie('friend'));
    const photo = await ai.addPhoto(await readSample(6));
    await Promise.all([ai.faces.processPhoto(photo), ai.faces.enrolFacecam(friend)]);
    expect(ai.photo.matchesOf(friend.memberId).map(({ photoId }) => photoId)).toContain(photo.photoId);
    await ai.faces.forgetFacecam(friend);
  }
});

test('when too many photos wait, the next is refused with the seconds to wait, and selfies still go first', async () => {
  const image = await readSample(3);
  const photos = [];
  for (let i = 0; i < waitingMax + 2; i++) photos.push(await ai.addPhoto(image));
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
  expect(done.slice(0, 2)).toContain('selfie');
  expect(done).toHaveLength(waitingMax + 2);
});
