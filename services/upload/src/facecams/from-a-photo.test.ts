import { problems } from '@kilas/messages/problems.ts';
import type { Member } from '@kilas/testkit/sign-up.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pose, poseAhead } from '../testing/captures.ts';
import { people, readGroupPhoto, readSample, takeSecondShot, takeSelfie } from '../testing/selfies.ts';
import { startUploads, type UploadSystem } from '../testing/start-uploads.ts';
import { findUpload } from '../uploads/upload-store.ts';

let uploads: UploadSystem;
/** As anybody may see them who is not signed in. */
let preview: Buffer;
let previewSmall: Buffer;
let thumbnail: Buffer;

beforeAll(async () => {
  uploads = await startUploads({ withAi: true });
  const creator = await uploads.signUp({ creator: true });
  const photoId = await sell(creator, await readGroupPhoto());
  await sell(creator, await readSample(1));
  const upload = await findUpload(uploads.ctx.db, photoId);
  const read = (key: string | null | undefined) => uploads.ctx.objects.read({ bucket: 'previews', key: key ?? '' });
  preview = await read(upload?.preview_key);
  previewSmall = await read(upload?.preview_small_key);
  thumbnail = await read(upload?.thumbnail_key);
}, 180_000);

afterAll(() => uploads?.close());

async function sell(creator: Member, bytes: Buffer): Promise<string> {
  const parts = [
    ['priceIdr', '5000'],
    ['photo', bytes, 'a.jpg'],
  ] as const;
  const answer = await uploads.send('/v1/uploads/photo', creator.headers, parts);
  expect(answer.statusCode, answer.body).toBe(201);
  const { photoId } = answer.json();
  const isRecognised = async () => {
    const own = await uploads.system.app.inject({ url: '/v1/creator/photos', headers: creator.headers });
    return own.json().items.find((item: { photoId: string }) => item.photoId === photoId).recognition === 'done';
  };
  await waitFor(isRecognised, { what: 'the photo to be recognised', timeoutMs: 30_000 });
  return photoId;
}

async function enrol(selfie: Buffer) {
  const member = await uploads.signUp({ consent: true });
  const headers = { ...member.headers, 'accept-language': 'id' };
  return uploads.send('/v1/facecams', headers, [['selfie', selfie, 'me.jpg']]);
}

/** A face cropped from a rendering of the group photo, as large as a selfie must be. */
async function cut(rendering: Buffer, person: keyof typeof people): Promise<Sharp> {
  const scale = ((await sharp(rendering).metadata()).width ?? 0) / 1920;
  const { left, top, width, height } = people[person];
  const [x, y, w, h] = [left, top, width, height].map((side) => Math.round(side * scale));
  const crop = await sharp(rendering)
    .extract({ left: x ?? 0, top: y ?? 0, width: w ?? 1, height: h ?? 1 })
    .resize(560)
    .sharpen({ sigma: 1.2 })
    .toBuffer();
  return sharp(crop);
}

test.each([
  ['as it is', async () => (await cut(preview, 'guest')).jpeg({ quality: 90 })],
  ['of somebody else, compressed hard', async () => (await cut(preview, 'friend')).jpeg({ quality: 35 })],
  ['in a mirror, turned and brighter', async () => (await cut(preview, 'guest')).flop().modulate({ brightness: 1.2 })],
  ['turned a little', async () => (await cut(preview, 'friend')).rotate(4, { background: '#808080' })],
  [
    'with a frame around it',
    async () => (await cut(preview, 'guest')).extend({ top: 90, left: 40, background: '#ddd' }),
  ],
  ['of the small preview', async () => (await cut(previewSmall, 'guest')).jpeg()],
  ['of the thumbnail', async () => (await cut(thumbnail, 'friend')).jpeg()],
  ['of the photo itself', async () => (await cut(await readGroupPhoto(), 'guest')).jpeg()],
] as [string, () => Promise<Sharp>][])('a crop of a public preview is no selfie: %s', async (_what, take) => {
  const answer = await enrol(await (await take()).toBuffer());
  expect(answer.json()).toMatchObject({ status: 422, code: 'FACECAM_FROM_A_PHOTO' });
  expect(answer.json().detail).toBe(problems.FACECAM_FROM_A_PHOTO.id);
  // No word of which photo, or of whom it shows.
  expect(Object.keys(answer.json()).sort()).toEqual(['code', 'detail', 'requestId', 'status', 'title', 'type']);
});

test('another shot of a person who is in a photo is a selfie', async () => {
  const answer = await enrol(await takeSecondShot());
  expect(answer.statusCode, answer.body).toBe(201);
});

test('a crop that was bent is another picture, and enrols where no proof is asked for', async () => {
  const answer = await enrol(await poseAhead());
  expect(answer.statusCode, answer.body).toBe(201);
});

test('a challenge may be passed where none is asked for, and by no frame that is part of a photo', async () => {
  const member = await uploads.signUp({ consent: true });
  const attempt = async (turnRight: Buffer) => {
    const url = '/v1/facecams/challenges';
    const asked = await uploads.system.app.inject({ method: 'POST', url, headers: member.headers });
    const { challengeId, steps } = asked.json();
    const frames: Buffer[] = [];
    for (const step of steps) frames.push(step === 'turn_right' ? turnRight : await pose(step));
    const answer = await uploads.send('/v1/facecams', member.headers, [
      ['challengeId', challengeId],
      ['selfie', await poseAhead(), 'me.jpg'],
      ...frames.map((frame) => ['frames', frame, 'frame.jpg'] as const),
    ]);
    return answer.json();
  };
  expect(await attempt(await takeSelfie())).toMatchObject({ status: 422, code: 'FACECAM_FROM_A_PHOTO' });
  expect(await attempt(await pose('turn_right', 4))).toMatchObject({ status: 'pending' });
  const listed = await uploads.system.app.inject({ url: '/v1/facecams', headers: member.headers });
  expect(listed.json().items).toMatchObject([{ provenLive: true }]);
});
