import { access, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { newId } from '@kilas/platform/process/ids.ts';
import { drivenClock } from '@kilas/testkit/drive-clock.ts';
import type { Member } from '@kilas/testkit/sign-up.ts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { spoolStream } from '../spool/spool.ts';
import { whileAway } from '../testing/away.ts';
import { makeImage } from '../testing/images.ts';
import { startUploads, type UploadSystem } from '../testing/start-uploads.ts';
import { completeIntent } from './complete-intent.ts';
import { discardIntent, sweepDiscarded } from './discard-intent.ts';
import { derivePhotoJob } from './jobs.ts';
import { registerPhoto } from './register-photo.ts';
import { sweepUploads } from './sweep-uploads.ts';
import { newUpload, type Upload } from './upload.ts';
import { findUpload, insertIntent } from './upload-store.ts';

const clock = drivenClock();
let uploads: UploadSystem;
let creator: Member;

beforeAll(async () => {
  uploads = await startUploads({ isWorking: false, clock });
});

beforeEach(async () => {
  // The clock stood still for the tokens before.
  creator = await uploads.signUp({ creator: true });
});

afterAll(() => uploads?.close());

const originalOf = (upload: Upload) => ({ bucket: 'originals', key: upload.original_key }) as const;
const stateOf = async ({ photo_id }: Upload) => (await findUpload(uploads.ctx.db, photo_id))?.state;
const isStored = (upload: Upload) => uploads.ctx.objects.exists(originalOf(upload));
const countJobs = () => uploads.ctx.jobs.countOpen(derivePhotoJob);
const listedPhotos = async (): Promise<{ photoId: string; status: string; failureReason?: string }[]> =>
  (await uploads.system.app.inject({ url: '/v1/creator/photos', headers: creator.headers })).json().items;

/** What a process leaves that dies right after it wrote the intent. */
async function placeIntent(bytes: Buffer, eventId?: string): Promise<Upload> {
  const file = await uploads.ctx.spool.withFolder((folder) => spoolStream(folder, Readable.from([bytes])));
  const fields = { description: '', priceIdr: 1000n, sale: 'shared', eventId } as const;
  const upload = newUpload({
    creator: { creatorId: creator.accountId, timeZone: 'Asia/Jakarta' },
    fields,
    title: 'Left behind',
    file,
    format: 'jpeg',
    now: clock.now(),
  });
  const row = await insertIntent(uploads.ctx.db, upload);
  if (row === undefined) throw new Error('these bytes were sent before');
  return row;
}

/** What a process leaves that dies right after it stored the original. */
async function placeStoredIntent(bytes: Buffer, eventId?: string): Promise<Upload> {
  const upload = await placeIntent(bytes, eventId);
  await uploads.ctx.objects.write(originalOf(upload), bytes);
  return upload;
}

const send = (bytes: Buffer) =>
  uploads.send('/v1/uploads/photo', creator.headers, [
    ['priceIdr', '5000'],
    ['photo', bytes, 'a.jpg'],
  ]);

test('died before the original was stored: the intent is removed, but not while its request may still run', async () => {
  const upload = await placeIntent(await makeImage());
  clock.advance(590);
  await sweepUploads(uploads.ctx);
  expect(await stateOf(upload)).toBe('intended');
  clock.advance(20);
  await sweepUploads(uploads.ctx);
  expect(await stateOf(upload)).toBeUndefined();
});

test('died after the original was stored: the photo is accepted with its job', async () => {
  const upload = await placeStoredIntent(await makeImage());
  const jobs = await countJobs();
  clock.advance(601);
  await sweepUploads(uploads.ctx);
  expect(await stateOf(upload)).toBe('accepted');
  expect(await countJobs()).toBe(jobs + 1);
  await sweepUploads(uploads.ctx);
  expect(await countJobs()).toBe(jobs + 1);
});

test('died after photo was told: it is one photo, accepted once', async () => {
  const upload = await placeStoredIntent(await makeImage());
  await registerPhoto(uploads.ctx, upload);
  clock.advance(601);
  await sweepUploads(uploads.ctx);
  creator = { ...creator, headers: (await signInAgain()).headers };
  const photos = await listedPhotos();
  expect(photos.filter(({ photoId }) => photoId === upload.photo_id)).toMatchObject([{ status: 'raw' }]);
  expect(await stateOf(upload)).toBe('accepted');
});

test('left behind with an event that is no more: the intent and its original are removed', async () => {
  const upload = await placeStoredIntent(await makeImage(), newId());
  clock.advance(601);
  await sweepUploads(uploads.ctx);
  expect(await stateOf(upload)).toBeUndefined();
  expect(await isStored(upload)).toBe(false);
});

test('the same bytes again take over an intent that was left behind at any point', async () => {
  for (const place of [placeIntent, placeStoredIntent]) {
    const bytes = await makeImage();
    const upload = await place(bytes);
    const response = await send(bytes);
    expect(response.statusCode).toBe(200);
    expect(response.json().photoId).toBe(upload.photo_id);
    expect(await stateOf(upload)).toBe('accepted');
    expect(await uploads.ctx.objects.read(originalOf(upload))).toEqual(bytes);
  }
});

test('the same bytes again are not refused for what an intent left behind had said', async () => {
  const bytes = await makeImage();
  const upload = await placeStoredIntent(bytes, newId());
  const response = await send(bytes);
  expect(response.statusCode).toBe(201);
  expect(response.json().photoId).not.toBe(upload.photo_id);
  expect(await stateOf(upload)).toBeUndefined();
  expect(await isStored(upload)).toBe(false);
});

test('a sweeper and requests at work on one intent accept it once', async () => {
  const upload = await placeStoredIntent(await makeImage());
  const jobs = await countJobs();
  const outcomes = await Promise.all(Array.from({ length: 6 }, () => completeIntent(uploads.ctx, upload)));
  expect(outcomes).toEqual(Array.from({ length: 6 }, () => ({ isAccepted: true })));
  expect(await countJobs()).toBe(jobs + 1);
});

test('an intent that is refused to several at once is gone, and nothing of it is accepted', async () => {
  const upload = await placeStoredIntent(await makeImage(), newId());
  const outcomes = await Promise.all(Array.from({ length: 4 }, () => completeIntent(uploads.ctx, upload)));
  expect(outcomes.map(({ isAccepted }) => isAccepted)).toEqual([false, false, false, false]);
  expect(await stateOf(upload)).toBeUndefined();
  expect(await isStored(upload)).toBe(false);
});

test('a request whose intent was taken away leaves neither an original nor a photo that waits for ever', async () => {
  const bytes = await makeImage();
  const upload = await placeIntent(bytes);
  await discardIntent(uploads.ctx, upload);
  await uploads.ctx.objects.write(originalOf(upload), bytes);
  expect(await completeIntent(uploads.ctx, upload)).toEqual({ isAccepted: false });
  expect(await isStored(upload)).toBe(false);
  expect(await listedPhotos()).toMatchObject([
    { photoId: upload.photo_id, status: 'failed', failureReason: 'UPLOAD_ABANDONED' },
  ]);
});

test('should that request die as well, what it wrote late is removed an hour after', async () => {
  const bytes = await makeImage();
  const upload = await placeIntent(bytes);
  await discardIntent(uploads.ctx, upload);
  await uploads.ctx.objects.write(originalOf(upload), bytes);
  await registerPhoto(uploads.ctx, upload);
  await sweepDiscarded(uploads.ctx, { photoId: upload.photo_id, originalKey: upload.original_key });
  expect(await isStored(upload)).toBe(false);
  expect(await listedPhotos()).toMatchObject([{ photoId: upload.photo_id, status: 'failed' }]);
});

test('an intent that was accepted meanwhile is not taken away', async () => {
  const upload = await placeStoredIntent(await makeImage());
  await completeIntent(uploads.ctx, upload);
  expect(await discardIntent(uploads.ctx, upload)).toBe(false);
  expect(await stateOf(upload)).toBe('accepted');
  expect(await isStored(upload)).toBe(true);
});

test('with photo away an upload is answered 503, and accepted by the sweeper once photo is back', async () => {
  const bytes = await makeImage();
  const response = await whileAway(uploads.system, 'photo', async () => {
    const answer = await send(bytes);
    clock.advance(601);
    await expect(sweepUploads(uploads.ctx)).rejects.toThrow('1 intents');
    return answer;
  });
  expect(response.json()).toMatchObject({ status: 503, code: 'SERVICE_UNAVAILABLE' });
  expect(response.headers['retry-after']).toBeDefined();
  await sweepUploads(uploads.ctx);
  const { state } = await uploads.ctx.db
    .selectFrom('uploads')
    .select('state')
    .where('creator_id', '=', creator.accountId)
    .executeTakeFirstOrThrow();
  expect(state).toBe('accepted');
});

test('with photo away a photo of a batch is refused for now, by the name of that', async () => {
  const parts = [
    ['priceIdr', '1'],
    ['photo', await makeImage(), 'a.jpg'],
  ] as const;
  const response = await whileAway(uploads.system, 'photo', () =>
    uploads.send('/v1/uploads/photos', creator.headers, parts),
  );
  expect(response.statusCode).toBe(207);
  expect(response.json().items[0]).toMatchObject({ outcome: 'refused', problem: { code: 'SERVICE_UNAVAILABLE' } });
});

test('an intent that photo does not answer for in a day is given up', async () => {
  const upload = await placeStoredIntent(await makeImage());
  clock.advance(25 * 3600);
  await sweepUploads(uploads.ctx);
  expect(await stateOf(upload)).toBeUndefined();
  expect(await isStored(upload)).toBe(false);
});

test('what a process left half written in storage, a selfie perhaps, is swept away', async (context) => {
  if (uploads.system.s3 !== undefined) return context.skip('half files are those of a folder');
  const half = path.join(uploads.system.dataFolder, 'objects', 'incoming', 'half');
  await writeFile(half, 'x');
  await utimes(half, 0, 0);
  await sweepUploads(uploads.ctx);
  await expect(access(half)).rejects.toThrow('ENOENT');
});

test('an expired token uploads nothing', async () => {
  clock.advance(3600);
  const response = await send(await makeImage());
  expect(response.json()).toMatchObject({ status: 401, code: 'TOKEN_EXPIRED' });
});

async function signInAgain(): Promise<{ headers: { authorization: string } }> {
  const { username, password } = creator;
  const payload = { login: username, password };
  const answer = await uploads.system.app.inject({ method: 'POST', url: '/v1/auth/sign-in', payload });
  return { headers: { authorization: `Bearer ${answer.json().accessToken}` } };
}
