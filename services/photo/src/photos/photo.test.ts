import { randomUUID } from 'node:crypto';
import { Code } from '@connectrpc/connect';
import { newObjectKey } from '@kilas/platform/objects/file-objects.ts';
import { query } from '@kilas/testkit/query.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { afterAll, describe, expect, test } from 'vitest';
import { type PhotoOptions, smallImages, startCatalogue } from '../testing/start-catalogue.ts';

const { system, photos, matches, register, publish, recognise, createEvent, get, send, signUp } =
  await startCatalogue();
afterAll(() => system.close());
const creator = await signUp({ creator: true, displayName: 'Lensa' });
const other = await signUp({ creator: true });
const member = await signUp();
const statusOf = async (photoId: string) =>
  (await get('/v1/creator/photos?limit=100', creator))
    .json()
    .items.find((item: { photoId: string }) => item.photoId === photoId);

test('a photo is raw until its derived images stand, then on sale; both calls may be repeated', async () => {
  const photoId = await register({ creatorId: creator.accountId });
  await register({ creatorId: creator.accountId, photoId });
  expect(await statusOf(photoId)).toMatchObject({ status: 'raw', recognition: 'pending', previewUrl: null });
  await publish({ creatorId: creator.accountId, photoId });
  const first = await statusOf(photoId);
  await photos.publishPhoto({ photoId, width: 1, height: 1, previewKey: newObjectKey(), thumbnailKey: newObjectKey() });
  expect(first).toMatchObject({ status: 'on_sale' });
  expect(new URL((await statusOf(photoId)).previewUrl).pathname).toBe(new URL(first.previewUrl).pathname);
});

test('a photo keeps the hash of its picture; one of a release that made none has none', async () => {
  const kept = (photoId: string) =>
    query(system.databaseUrls.photo, 'select thumbhash from photos where photo_id = $1', [photoId]);
  const creatorId = creator.accountId;
  const [row] = await kept(await publish({ creatorId }));
  expect(row).toEqual({ thumbhash: Buffer.from(smallImages.thumbhash) });
  expect(await kept(await publish({ creatorId, isOld: true }))).toEqual([{ thumbhash: null }]);
});

test('upload cannot publish a photo with a hash that is longer than a hash', async () => {
  const photoId = await register({ creatorId: creator.accountId });
  const images = { width: 1, height: 1, previewKey: newObjectKey(), thumbnailKey: newObjectKey() };
  const publishing = photos.publishPhoto({ photoId, ...images, thumbhash: new Uint8Array(26) });
  await expect(publishing).rejects.toMatchObject({ code: Code.InvalidArgument });
  expect(await statusOf(photoId)).toMatchObject({ status: 'raw' });
});

test('a photo that failed shows its reason and becomes raw again when it is tried again', async () => {
  const photoId = await register({ creatorId: creator.accountId });
  await photos.failPhoto({ photoId, reason: 'IMAGE_BROKEN' });
  expect(await statusOf(photoId)).toMatchObject({ status: 'failed', failureReason: 'IMAGE_BROKEN' });
  await register({ creatorId: creator.accountId, photoId });
  expect(await statusOf(photoId)).toMatchObject({ status: 'raw', failureReason: null });
});

test('a photo that fails, and one that is on sale and not recognised, are told to the creator once each', async () => {
  const seller = await signUp({ creator: true });
  const [raw, sold] = [await register({ creatorId: seller.accountId }), await publish({ creatorId: seller.accountId })];
  const given = await register({ creatorId: seller.accountId });
  for (let count = 0; count < 2; count++) {
    await photos.failPhoto({ photoId: raw, reason: 'IMAGE_BROKEN' });
    await matches.failRecognition({ photoId: sold, reason: 'IMAGE_QUARANTINED' });
    // On sale: nothing fails any more.
    await photos.failPhoto({ photoId: sold, reason: 'IMAGE_BROKEN' });
    // Of this one nobody heard that it was accepted.
    await photos.failPhoto({ photoId: given, reason: 'UPLOAD_ABANDONED' });
  }
  const told = async () =>
    (await get('/v1/me/notifications', seller))
      .json()
      .items.map(({ kind, data }: { kind: string; data: { photoIds: string[] } }) => ({
        kind,
        photoIds: data.photoIds,
      }));
  await waitFor(async () => (await told()).length === 2, { what: 'both to be told' });
  expect((await told()).sort((a: { kind: string }, b: { kind: string }) => (a.kind < b.kind ? -1 : 1))).toEqual([
    { kind: 'photos_failed', photoIds: [raw] },
    { kind: 'recognition_failed', photoIds: [sold] },
  ]);
});

test('a photo id of one creator is not registered for another', async () => {
  const photoId = await register({ creatorId: creator.accountId });
  await expect(register({ creatorId: other.accountId, photoId })).rejects.toMatchObject({ code: Code.NotFound });
});

test('a photo goes into an event of its creator alone', async () => {
  const { eventId } = await createEvent(creator);
  await expect(register({ creatorId: other.accountId, eventId })).rejects.toMatchObject({ code: Code.NotFound });
  expect((await send('POST', `/v1/events/${eventId}/creators`, other, { creatorId: other.accountId })).statusCode).toBe(
    404,
  );
  expect(
    (await send('POST', `/v1/events/${eventId}/creators`, creator, { creatorId: other.accountId })).statusCode,
  ).toBe(204);
  await expect(register({ creatorId: other.accountId, eventId })).rejects.toMatchObject({ code: Code.NotFound });
  expect((await send('POST', `/v1/creator/invitations/${eventId}/accept`, other)).statusCode).toBe(204);
  await register({ creatorId: other.accountId, eventId });
});

describe('the capture time', () => {
  const creatorId = creator.accountId;
  const capturedLocal = '2026-05-01T07:30:00';
  const published = async (photo: Omit<PhotoOptions, 'creatorId'>) => statusOf(await publish({ creatorId, ...photo }));

  test.each([
    ['its own offset', { capturedOffset: '+09:00', timeZone: 'Asia/Makassar' }, '2026-04-30T22:30:00.000Z', 'file'],
    ["the creator's zone", { timeZone: 'Asia/Makassar' }, '2026-04-30T23:30:00.000Z', 'creator'],
  ])("is the camera's in %s", async (_whose, photo, capturedAt, zone) => {
    expect(await published({ capturedLocal, capturedFrom: 'xmp:DateCreated', ...photo })).toMatchObject({
      capturedAt,
      capturedFrom: { source: 'xmp', field: 'DateCreated', zone },
    });
  });

  test("is the camera's in the event's zone, before the creator's", async () => {
    const { eventId } = await createEvent(creator, { timeZone: 'Asia/Jakarta' });
    const shown = await published({ capturedLocal, eventId, timeZone: 'Asia/Makassar' });
    expect(shown).toMatchObject({
      capturedAt: '2026-05-01T00:30:00.000Z',
      capturedFrom: { source: 'exif', field: 'DateTimeOriginal', zone: 'event' },
    });
    const offset = await published({ capturedLocal, eventId, capturedOffset: '+09:00' });
    expect(offset).toMatchObject({ capturedAt: '2026-04-30T22:30:00.000Z', capturedFrom: { zone: 'file' } });
    expect((await get(`/v1/photos/${shown.photoId}`, creator)).json().capturedFrom).toEqual(shown.capturedFrom);
  });

  test.each([
    ['is not said', {}],
    ['is older than photography', { capturedLocal: '1899-12-31T00:00:00' }],
    ['is to come', { capturedLocal: '2098-05-01T07:30:00' }],
    ['is no time', { capturedLocal: '2026-02-31T00:00:00' }],
    ['is in a zone that nobody knows', { capturedLocal, timeZone: 'Asia/Atlantis' }],
    ['is in a zone that is none', { capturedLocal, timeZone: 'FOO+7' }],
    ['is in no zone', { capturedLocal, timeZone: '' }],
  ])('is that of the upload where it %s', async (_what, photo) => {
    const zone = 'timeZone' in photo ? {} : { timeZone: 'Asia/Jakarta' };
    const shown = await published({ ...zone, ...photo });
    expect(shown).toMatchObject({ status: 'on_sale', capturedAt: shown.uploadedAt });
    expect(shown.capturedFrom).toEqual({ source: 'upload', field: null, zone: 'upload' });
  });

  test.each([
    ['leaves out is read as the one after it', '2026-03-29T02:30:00', '2026-03-29T01:30:00.000Z'],
    ['has twice is read as the later one', '2025-10-26T02:30:00', '2025-10-26T01:30:00.000Z'],
  ])('of an hour that a zone %s', async (_what, local, capturedAt) => {
    expect(await published({ capturedLocal: local, timeZone: 'Europe/Berlin' })).toMatchObject({ capturedAt });
  });

  test('of a photo of the release before is shown without how it was found', async () => {
    const photoId = await register({ creatorId });
    expect((await statusOf(photoId)).capturedFrom).toBeNull();
  });
});

test('a creator changes the price and hides their own photo; nobody else may', async () => {
  const photoId = await publish({ creatorId: creator.accountId });
  await recognise(photoId, [{ photoId, memberId: member.accountId }]);
  expect((await send('PATCH', `/v1/photos/${photoId}`, other, { priceIdr: 1 })).statusCode).toBe(404);
  expect((await send('PATCH', `/v1/photos/${photoId}`, member, { priceIdr: 1 })).statusCode).toBe(403);
  expect((await send('PATCH', `/v1/photos/${photoId}`, creator, { priceIdr: 75_000 })).statusCode).toBe(204);
  expect((await get(`/v1/photos/${photoId}`, member)).json().priceIdr).toBe(75_000);
  await send('PATCH', `/v1/photos/${photoId}`, creator, { hidden: true });
  expect((await get(`/v1/photos/${photoId}`, member)).status).toBe(404);
  await send('PATCH', `/v1/photos/${photoId}`, creator, { hidden: false });
  expect((await get(`/v1/photos/${photoId}`, member)).status).toBe(200);
});

test.each([-1, 1.5, 100_000_001, '5', 1e300])('a price of %s is refused', async (priceIdr) => {
  const photoId = await publish({ creatorId: creator.accountId });
  const reply = await send('PATCH', `/v1/photos/${photoId}`, creator, { priceIdr });
  expect(reply.statusCode).toBe(400);
  expect(reply.json().code).toBe('REQUEST_INVALID');
});

test('upload itself cannot register a price below zero or above the limit', async () => {
  for (const priceIdr of [-1n, 100_000_001n]) {
    await expect(register({ creatorId: creator.accountId, priceIdr })).rejects.toMatchObject({
      code: Code.InvalidArgument,
    });
  }
});

test.each([
  ['a sale of no kind', { sale: 'rented' }],
  ['a key that is none', { originalKey: '../../etc/passwd' }],
  ['a place outside the earth', { place: { latitude: 91, longitude: 0 } }],
  ['an id that is none', { photoId: 'one' }],
  ['no bytes', { sizeBytes: 0n }],
])('upload is refused for good, not told to come again, when it sends %s', async (_, change) => {
  const registration = {
    photoId: randomUUID(),
    creatorId: creator.accountId,
    title: '',
    description: '',
    priceIdr: 0n,
    sale: 'shared',
    sha256: 'b'.repeat(64),
    sizeBytes: 1n,
    format: 'jpeg',
    originalKey: newObjectKey(),
  };
  await expect(photos.registerPhoto({ ...registration, ...change })).rejects.toMatchObject({
    code: Code.InvalidArgument,
  });
  await photos.registerPhoto(registration);
});

test("a body that names another user's id is refused", async () => {
  const photoId = await publish({ creatorId: creator.accountId });
  const reply = await send('PATCH', `/v1/photos/${photoId}`, creator, { title: 'x', creatorId: other.accountId });
  expect(reply.statusCode).toBe(400);
});
