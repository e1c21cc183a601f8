import { Readable } from 'node:stream';
import { newObjectKey } from '@kilas/platform/objects/file-objects.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import type { Member } from '@kilas/testkit/sign-up.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { spoolStream } from '../spool/spool.ts';
import { whileAway } from '../testing/away.ts';
import { makeLargeImage } from '../testing/images.ts';
import { startUploads, type UploadSystem } from '../testing/start-uploads.ts';
import { sha256Of, type TusClient, tusClient, uploadIdOf } from '../testing/tus-client.ts';
import { acceptPhoto } from '../uploads/accept-photo.ts';
import { newUpload } from '../uploads/upload.ts';
import { insertIntent } from '../uploads/upload-store.ts';
import { discardParts } from './discard-parts.ts';
import { finishUpload } from './finish-upload.ts';
import { takeUpload } from './lease.ts';
import { insertPart } from './part-store.ts';

let uploads: UploadSystem;
let creator: Member;
let client: TusClient;

beforeAll(async () => {
  uploads = await startUploads({ isWorking: false });
  const url = await uploads.system.app.listen({ host: '127.0.0.1', port: 0 });
  creator = await uploads.signUp({ creator: true });
  client = tusClient(url, creator.headers);
});

afterAll(() => uploads?.close());

const partBytes = 100_000;

/** An upload with one part, whose process died some seconds ago. */
async function beginAndDie(bytes: Buffer): Promise<{ location: string; uploadId: string }> {
  const location = await client.begin(bytes.length, { priceIdr: '1000', sha256: sha256Of(bytes) });
  await client.patch(location, 0, bytes.subarray(0, partBytes));
  const uploadId = uploadIdOf(location);
  const dead = { holder: newId(), held_until: sql<Date>`now() - interval '1 second'` };
  await uploads.ctx.db.updateTable('resumable_uploads').set(dead).where('upload_id', '=', uploadId).execute();
  return { location, uploadId };
}

async function expectOnePhoto(bytes: Buffer, photoId: unknown): Promise<void> {
  const rows = await uploads.ctx.db
    .selectFrom('uploads')
    .select(['photo_id', 'original_key as key'])
    .where('sha256', '=', sha256Of(bytes))
    .execute();
  expect(rows.map((row) => row.photo_id)).toEqual([photoId]);
  expect(await uploads.ctx.objects.read({ bucket: 'originals', key: rows[0]?.key ?? '' })).toEqual(bytes);
  const { items } = (await uploads.system.app.inject({ url: '/v1/creator/photos', headers: creator.headers })).json();
  expect(items.filter((photo: { photoId: string }) => photo.photoId === photoId)).toHaveLength(1);
}

const spool = (bytes: Buffer) => uploads.ctx.spool.withFolder((folder) => spoolStream(folder, Readable.from([bytes])));

test.each([
  ['before its object was written', 0],
  ['after its object was written', partBytes],
])('died with a part %s: the part is wanted again and counts once', async (_when, writtenBytes) => {
  const bytes = await makeLargeImage();
  const { location, uploadId } = await beginAndDie(bytes);
  const objectKey = newObjectKey();
  await insertPart(uploads.ctx.db, { objectKey, uploadId, startBytes: partBytes, sizeBytes: partBytes });
  if (writtenBytes > 0) {
    const written = bytes.subarray(partBytes, partBytes + writtenBytes);
    await uploads.ctx.objects.write({ bucket: 'originals', key: objectKey }, written);
  }
  expect(await client.offsetOf(location)).toBe(partBytes);
  await client.patch(location, partBytes, bytes.subarray(partBytes, 2 * partBytes));
  const { json } = await client.patch(location, 2 * partBytes, bytes.subarray(2 * partBytes));
  await expectOnePhoto(bytes, json?.photoId);
  expect(await uploads.ctx.objects.exists({ bucket: 'originals', key: objectKey })).toBe(false);
});

test('died after the photo was accepted and before anybody heard of it: every question tells the same photo', async () => {
  const bytes = await makeLargeImage();
  const { location, uploadId } = await beginAndDie(bytes);
  const { photoId } = await uploads.ctx.spool.withFolder(async (folder) => {
    const file = await spoolStream(folder, Readable.from([bytes]));
    const fields = { priceIdr: 1000n };
    const { accountId: creatorId } = creator;
    const photo = { creator: { creatorId, timeZone: '' }, fields, fileName: '', file, isTruncated: false };
    return acceptPhoto(uploads.ctx, { ...photo, receivedAs: uploadId });
  });
  const told = { uploadId, state: 'accepted', photoId };
  expect(await client.status([uploadId])).toEqual([told]);
  expect(await client.offsetOf(location)).toBe(bytes.length);
  expect((await client.patch(location, partBytes, bytes.subarray(partBytes))).json).toEqual(told);
  await expectOnePhoto(bytes, photoId);
});

test('who ends an upload that somebody else has ended meanwhile tells the same photo, although its parts are gone', async () => {
  const bytes = await makeLargeImage();
  const { uploadId } = await beginAndDie(bytes);
  const { accountId: creatorId } = creator;
  const taken = await takeUpload(uploads.ctx, { uploadId, creatorId });
  if (!('lease' in taken)) throw new Error('the upload was not taken');
  onTestFinished(() => taken.lease.release());
  const [sender, fields] = [{ creatorId, timeZone: '' }, { priceIdr: 1000n }];
  const photo = await uploads.ctx.spool.withFolder(async (folder) => {
    const file = await spoolStream(folder, Readable.from([bytes]));
    const input = { creator: sender, fields, fileName: '', file, isTruncated: false, receivedAs: uploadId };
    return acceptPhoto(uploads.ctx, input);
  });
  await discardParts(uploads.ctx, uploadId);
  const finished = await uploads.ctx.spool.withFolder(async (folder) => {
    const part = await spoolStream(folder, Readable.from([bytes.subarray(partBytes)]));
    const room = { took: async () => {} };
    return finishUpload(uploads.ctx, { creator: sender, receiving: taken.receiving, part, folder, room });
  });
  expect(finished).toEqual({ state: 'accepted', photoId: photo.photoId });
});

test('bytes that were lost with their storage end the upload, which says that the file is wanted anew', async () => {
  const bytes = await makeLargeImage();
  const { location, uploadId } = await beginAndDie(bytes);
  await discardParts(uploads.ctx, uploadId);
  const { json } = await client.patch(location, partBytes, bytes.subarray(partBytes));
  expect(json).toMatchObject({ state: 'refused', problem: { code: 'UPLOAD_GONE' } });
  expect((await client.create(bytes.length, { priceIdr: '1' }, bytes)).json).toMatchObject({ state: 'accepted' });
});

test.each([
  ['before the original was stored', false],
  ['before photo was told', true],
])('died %s: the last part once more makes one photo of it', async (_when, isStored) => {
  const bytes = await makeLargeImage();
  const { location, uploadId } = await beginAndDie(bytes);
  const upload = newUpload({
    creator: { creatorId: creator.accountId, timeZone: '' },
    fields: { priceIdr: 1000n },
    title: 'Finish',
    file: await spool(bytes),
    format: 'jpeg',
    receivedAs: uploadId,
    now: new Date(),
  });
  await insertIntent(uploads.ctx.db, upload);
  if (isStored) await uploads.ctx.objects.write({ bucket: 'originals', key: upload.original_key }, bytes);
  expect(await client.status([uploadId])).toMatchObject([{ state: 'receiving', offset: partBytes }]);
  expect(await client.offsetOf(location)).toBe(partBytes);
  const { json } = await client.patch(location, partBytes, bytes.subarray(partBytes));
  expect(json).toEqual({ uploadId, state: 'accepted', photoId: upload.photo_id });
  await expectOnePhoto(bytes, upload.photo_id);
});

test('while photo is away the last part is wanted again, and is a photo when photo is back', async () => {
  const bytes = await makeLargeImage();
  const location = await client.begin(bytes.length);
  await client.patch(location, 0, bytes.subarray(0, partBytes));
  const last = bytes.subarray(partBytes);
  const away = await whileAway(uploads.system, 'photo', () => client.patch(location, partBytes, last));
  expect(away).toMatchObject({ status: 503, json: { code: 'SERVICE_UNAVAILABLE' } });
  expect(await client.offsetOf(location)).toBe(partBytes);
  const { json } = await client.patch(location, partBytes, last);
  expect(json).toMatchObject({ state: 'accepted' });
  await expectOnePhoto(bytes, json?.photoId);
});
