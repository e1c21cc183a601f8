import { createClient } from '@connectrpc/connect';
import { FaceService } from '@kilas/contracts/gen/kilas/ai/v1/face_service_pb.js';
import { readSample, takeSelfie } from '@kilas/face-engine/testing/sample-photos.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reasonOf } from '../testing/reason-of.ts';
import { type AiSystem, startAi } from '../testing/start-ai.ts';

let ai: AiSystem;

beforeAll(async () => {
  ai = await startAi();
});

afterAll(() => ai?.system.close());

const inspect = async (image: Uint8Array, memberId = newId()) =>
  (await ai.faces.inspectFacecam({ memberId, image })).rejection;

const blank = () =>
  sharp({ create: { width: 600, height: 800, channels: 3, background: '#888' } })
    .jpeg()
    .toBuffer();

test('a good selfie will do', async () => {
  expect(await inspect(await takeSelfie('guest'))).toBe('');
});

test('a picture without a face is told so', async () => {
  expect(await inspect(await blank())).toBe('no_face');
});

test('a picture of several people is told so', async () => {
  expect(await inspect(await readSample(6))).toBe('many_faces');
});

test('a face that is too small is told so', async () => {
  const small = await sharp(await takeSelfie('guest'))
    .resize(120)
    .toBuffer();
  expect(await inspect(small)).toBe('too_small');
});

test('a picture in which light leaves no face to be seen is told so', async () => {
  const night = await sharp(await takeSelfie('guest'))
    .linear(0.05, 0)
    .jpeg()
    .toBuffer();
  expect(await inspect(night)).toBe('too_dark');
  const white = sharp({ create: { width: 600, height: 800, channels: 3, background: '#fff' } });
  expect(await inspect(await white.jpeg().toBuffer())).toBe('too_bright');
});

test("a selfie of someone else than the member's other facecams is told so", async () => {
  const facecam = await ai.addFacecam(await takeSelfie('guest'));
  await ai.faces.enrolFacecam(facecam);
  expect(await inspect(await takeSelfie('friend'), facecam.memberId)).toBe('not_the_same_person');
  expect(await inspect(await takeSelfie('guest', 1), facecam.memberId)).toBe('');
  expect(await inspect(await takeSelfie('friend'))).toBe('');
});

test('what is no image is refused', async () => {
  expect(await reasonOf(inspect(Buffer.from('no image at all')))).toBe('IMAGE_BROKEN');
  const whole = await takeSelfie('guest');
  expect(await reasonOf(inspect(whole.subarray(0, whole.length / 2)))).toBe('IMAGE_BROKEN');
  expect(await reasonOf(inspect(new Uint8Array()))).toBe('REQUEST_INVALID');
});

test('an image of more than 4 MiB is refused before it is looked at', async () => {
  expect(await reasonOf(inspect(new Uint8Array(4 * 1024 * 1024 + 1)))).toBe('BODY_TOO_LARGE');
});

test.each([
  ['no frames', ['blink'], 0],
  ['frames that no step asked for', [], 1],
  ['frames for half of the steps', ['blink', 'turn_left'], 3],
  ['too many frames of a step', ['blink'], 4],
  ['a step that nobody knows', ['dance'], 1],
])('a challenge with %s is refused before anything is looked at', async (_what, steps, count) => {
  const challenge = { steps, frames: Array.from({ length: count }, () => Buffer.from('no image')) };
  const image = Buffer.from('no image');
  expect(await reasonOf(ai.faces.inspectFacecam({ memberId: newId(), image, ...challenge }))).toBe('REQUEST_INVALID');
});

test('a frame of more than 1 MiB is refused before it is looked at', async () => {
  const frames = [new Uint8Array(1024 * 1024 + 1)];
  const image = Buffer.from('no image');
  const inspection = ai.faces.inspectFacecam({ memberId: newId(), image, steps: ['blink'], frames });
  expect(await reasonOf(inspection)).toBe('BODY_TOO_LARGE');
});

test('inspecting stores nothing', async () => {
  const memberId = newId();
  await inspect(await takeSelfie('guest'), memberId);
  expect(await inspect(await takeSelfie('friend'), memberId)).toBe('');
});

test('only upload may call', async () => {
  const asPhoto = createClient(FaceService, ai.system.peersAs('photo')('ai'));
  await expect(asPhoto.inspectFacecam({ memberId: newId(), image: await blank() })).rejects.toThrow(
    'permission_denied',
  );
});
