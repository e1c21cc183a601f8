import { hashOf } from '@kilas/platform/process/ids.ts';
import { drivenClock } from '@kilas/testkit/drive-clock.ts';
import type { Member } from '@kilas/testkit/sign-up.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { derivePhoto } from '../derivatives/derive-photo.ts';
import { makeImage } from '../testing/images.ts';
import { startUploads, type UploadSystem } from '../testing/start-uploads.ts';
import { sweepUploads } from './sweep-uploads.ts';
import { findUpload, findUploadBySha256 } from './upload-store.ts';

const clock = drivenClock();
const signal = new AbortController().signal;
let uploads: UploadSystem;
let creator: Member;

beforeAll(async () => {
  uploads = await startUploads({ isWorking: false, objects: 's3', clock });
  creator = await uploads.signUp({ creator: true });
});

afterEach(() => uploads.system.s3?.answer503(false));

afterAll(() => uploads?.close());

const goAway = () => uploads.system.s3?.answer503(true);
const comeBack = () => uploads.system.s3?.answer503(false);
const send = (bytes: Buffer, route = 'photo') =>
  uploads.send(`/v1/uploads/${route}`, creator.headers, [
    ['priceIdr', '1000'],
    ['photo', bytes, 'a.jpg'],
  ]);
const uploadOf = (bytes: Buffer) =>
  findUploadBySha256(uploads.ctx.db, { creatorId: creator.accountId, sha256: hashOf(bytes) });
const listPhotos = async () =>
  (await uploads.system.app.inject({ url: '/v1/creator/photos', headers: creator.headers })).json().items;

test('what could not be stored is not accepted: the sender hears to come again, and then it is', async () => {
  const bytes = await makeImage();
  goAway();
  const refused = await send(bytes);
  expect(refused.json()).toMatchObject({ status: 503, code: 'SERVICE_UNAVAILABLE' });
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  expect((await uploadOf(bytes))?.state).toBe('intended');
  expect(await listPhotos()).toEqual([]);
  comeBack();
  expect((await send(bytes)).statusCode).toBe(200);
  const upload = await uploadOf(bytes);
  expect(upload?.state).toBe('accepted');
  expect(await uploads.ctx.objects.read({ bucket: 'originals', key: upload?.original_key ?? '' })).toEqual(bytes);
});

test('a photo of a batch that could not be stored is refused for now', async () => {
  goAway();
  const response = await send(await makeImage(), 'photos');
  expect(response.statusCode).toBe(207);
  expect(response.json().items[0]).toMatchObject({
    outcome: 'refused',
    problem: { status: 503, code: 'SERVICE_UNAVAILABLE' },
  });
});

test('the sweeper takes no intent away whose original it cannot look for', async () => {
  const bytes = await makeImage();
  goAway();
  await send(bytes);
  clock.advance(601);
  await expect(sweepUploads(uploads.ctx)).rejects.toThrow();
  expect((await uploadOf(bytes))?.state).toBe('intended');
  comeBack();
  await sweepUploads(uploads.ctx);
  expect(await uploadOf(bytes)).toBeUndefined();
});

test('image work that finds no storage uses up no try of the photo, however long that lasts', async () => {
  const { photoId } = (await send(await makeImage())).json();
  await uploads.ctx.db.updateTable('uploads').set({ derive_count: 11 }).where('photo_id', '=', photoId).execute();
  goAway();
  for (const start of [12, 13]) {
    await expect(derivePhoto(uploads.ctx, { photoId }, signal)).rejects.toThrow('the object storage is away');
    const upload = await findUpload(uploads.ctx.db, photoId);
    expect(upload).toMatchObject({ state: 'accepted', derive_count: start, derive_count_max: start + 1 });
  }
  comeBack();
  await derivePhoto(uploads.ctx, { photoId }, signal);
  const upload = await findUpload(uploads.ctx.db, photoId);
  expect(await uploads.ctx.objects.exists({ bucket: 'previews', key: upload?.preview_key ?? '' })).toBe(true);
});

test('readiness says that the storage is away, and the service goes on', async () => {
  const readiness = async () => (await uploads.system.app.inject({ url: '/readyz' })).json().services.upload.objects;
  expect(await readiness()).toBe('ready');
  goAway();
  expect(await readiness()).toBe('degraded');
  expect((await uploads.system.app.inject({ url: '/readyz' })).statusCode).toBe(200);
  comeBack();
  await waitFor(async () => (await readiness()) === 'ready', { what: 'the storage to be back' });
});

test('the service starts while the storage is away', async () => {
  const env = { S3_ENDPOINT: 'http://127.0.0.1:1' };
  const early = await startUploads({ isWorking: false, objects: 's3', env });
  const readiness = await early.system.app.inject({ url: '/readyz' });
  expect(readiness.statusCode).toBe(200);
  expect(readiness.json().services.upload).toMatchObject({ database: 'ready', objects: 'degraded' });
  await early.close();
});
