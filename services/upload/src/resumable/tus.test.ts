import { newId } from '@kilas/platform/process/ids.ts';
import type { Member } from '@kilas/testkit/sign-up.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeBrokenJpeg, makeImage, makeLargeImage } from '../testing/images.ts';
import { startUploads, type UploadSystem } from '../testing/start-uploads.ts';
import { metadataHeader, sha256Of, type TusClient, tusClient, uploadIdOf } from '../testing/tus-client.ts';
import { partSizeMinBytes, unfinishedMax } from './resumable-upload.ts';

let uploads: UploadSystem;
let url: string;
let creator: Member;
let client: TusClient;

beforeAll(async () => {
  uploads = await startUploads({ isWorking: false });
  url = await uploads.system.app.listen({ host: '127.0.0.1', port: 0 });
  creator = await uploads.signUp({ creator: true });
  client = tusClient(url, creator.headers);
});

afterAll(() => uploads?.close());

const fields = { fileName: 'Finish line.jpg', priceIdr: '25000' };

const photosOf = async (headers = creator.headers): Promise<{ photoId: string; title: string }[]> =>
  (await uploads.system.app.inject({ url: '/v1/creator/photos', headers })).json().items;

async function originalOf(photoId: string | undefined): Promise<Buffer> {
  const { original_key: key } = await uploads.ctx.db
    .selectFrom('uploads')
    .select('original_key')
    .where('photo_id', '=', photoId ?? '')
    .executeTakeFirstOrThrow();
  return uploads.ctx.objects.read({ bucket: 'originals', key });
}

test('a file in parts becomes a photo, whose bytes are those that were sent', async () => {
  const bytes = await makeLargeImage();
  const location = await client.begin(bytes.length, { ...fields, sha256: sha256Of(bytes) });
  expect(location).toMatch(/^\/v1\/uploads\/tus\/[0-9a-f-]{36}$/);
  const cuts = [0, 70_000, 150_000, bytes.length];
  for (const [index, from] of cuts.slice(0, -1).entries()) {
    expect(await client.offsetOf(location)).toBe(from);
    const part = bytes.subarray(from, cuts[index + 1]);
    const checksum = `sha256 ${Buffer.from(sha256Of(part), 'hex').toString('base64')}`;
    const answer = await client.patch(location, from, part, { 'upload-checksum': checksum });
    expect(answer.headers.get('upload-offset')).toBe(String(cuts[index + 1]));
    expect(answer.headers.get('tus-resumable')).toBe('1.0.0');
    if (index < 2) expect(answer.status).toBe(204);
    else expect(answer.json).toMatchObject({ uploadId: uploadIdOf(location), state: 'accepted' });
  }
  const [told] = await client.status([uploadIdOf(location)]);
  expect(told).toMatchObject({ state: 'accepted' });
  expect(await originalOf(told?.photoId)).toEqual(bytes);
  expect(await photosOf()).toContainEqual(expect.objectContaining({ photoId: told?.photoId, title: 'Finish line' }));
  // Nothing but the photo is left.
  const parts = await uploads.ctx.db.selectFrom('resumable_parts').select('object_key').execute();
  expect(parts).toHaveLength(2);
  for (const { object_key: key } of parts) {
    expect(await uploads.ctx.objects.exists({ bucket: 'originals', key })).toBe(false);
  }
  expect((await uploads.listFiles()).filter((file) => file.includes('spool'))).toEqual([]);
});

test('a file that comes with its creation is a photo at once', async () => {
  const bytes = await makeLargeImage();
  const answer = await client.create(bytes.length, { ...fields, sha256: sha256Of(bytes) }, bytes);
  expect(answer.status).toBe(201);
  expect(answer.headers.get('upload-offset')).toBe(String(bytes.length));
  const location = answer.headers.get('location') ?? '';
  expect(answer.json).toMatchObject({ uploadId: uploadIdOf(location), state: 'accepted' });
  expect(await client.offsetOf(location)).toBe(bytes.length);
  expect(await client.status([uploadIdOf(location)])).toEqual([answer.json]);
  expect(await originalOf(String(answer.json?.photoId))).toEqual(bytes);
});

test('the same bytes of one creator are one photo, also by the other route', async () => {
  const bytes = await makeImage();
  const first = await client.create(bytes.length, fields, bytes);
  const again = await client.create(bytes.length, { ...fields, priceIdr: '999' }, bytes);
  expect(again.json).toMatchObject({
    state: 'duplicate',
    photoId: first.json?.photoId,
    photo: { priceIdr: 25_000, notApplied: ['priceIdr'] },
  });
  const id = String(again.json?.uploadId);
  expect(await client.status([id])).toEqual([{ uploadId: id, state: 'duplicate', photoId: first.json?.photoId }]);
  const form = await uploads.send('/v1/uploads/photo', creator.headers, [
    ['priceIdr', '25000'],
    ['photo', bytes, 'a.jpg'],
  ]);
  expect(form.json()).toMatchObject({ photoId: first.json?.photoId });
});

test.each([
  ['no picture', async () => Buffer.from('no picture'), 'NOT_AN_IMAGE', 'bukan gambar'],
  ['a damaged one', makeBrokenJpeg, 'IMAGE_BROKEN', 'rusak'],
])('%s is refused for good, and says why in the reader’s language', async (_what, make, code, indonesian) => {
  const bytes = await make();
  const location = await client.begin(bytes.length, fields);
  const answer = await client.patch(location, 0, bytes);
  expect(answer.status).toBe(200);
  expect(answer.json).toMatchObject({ state: 'refused', problem: { code } });
  const [told] = await client.status([uploadIdOf(location)], 'id');
  expect(told).toMatchObject({ state: 'refused', problem: { code, detail: expect.stringContaining(indonesian) } });
  expect(await client.offsetOf(location)).toBe(bytes.length);
});

test('a file that is not the one announced is refused', async () => {
  const bytes = await makeImage();
  const metadata = { ...fields, sha256: sha256Of(Buffer.from('another')) };
  const answer = await client.create(bytes.length, metadata, bytes);
  expect(answer.json).toMatchObject({ state: 'refused', problem: { code: 'FILE_CHECKSUM_WRONG' } });
  expect((await client.create(bytes.length, fields, bytes)).json).toMatchObject({ state: 'accepted' });
});

test('a part that was damaged on the way is not kept', async () => {
  const bytes = await makeLargeImage();
  const location = await client.begin(bytes.length);
  const checksum = `sha256 ${Buffer.from(sha256Of(bytes), 'hex').toString('base64')}`;
  const answer = await client.patch(location, 0, bytes.subarray(0, 80_000), { 'upload-checksum': checksum });
  expect(answer).toMatchObject({ status: 460, json: { code: 'UPLOAD_CHECKSUM_WRONG' } });
  expect(await client.offsetOf(location)).toBe(0);
  const unknown = await client.patch(location, 0, bytes, { 'upload-checksum': 'md5 aGVsbG8=' });
  expect(unknown).toMatchObject({ status: 400, json: { code: 'UPLOAD_CHECKSUM_UNKNOWN' } });
  expect((await client.patch(location, 0, bytes)).json).toMatchObject({ state: 'accepted' });
});

test('bytes count at the offset alone, and no more of them than the file has', async () => {
  const bytes = await makeLargeImage();
  const location = await client.begin(bytes.length);
  const wrong = await client.patch(location, 70_000, bytes.subarray(0, 80_000));
  expect(wrong).toMatchObject({ status: 409, json: { code: 'UPLOAD_OFFSET_WRONG' } });
  const tooMany = await client.patch(location, 0, Buffer.concat([bytes, bytes]));
  expect(tooMany.status).toBe(413);
  const tooFew = await client.patch(location, 0, bytes.subarray(0, partSizeMinBytes - 1));
  expect(tooFew).toMatchObject({ status: 400, json: { code: 'UPLOAD_PART_TOO_SMALL' } });
  expect(await client.offsetOf(location)).toBe(0);
});

test('a body that does not say its length counts as far as it fits into the file, and not at all if it is longer', async () => {
  const bytes = await makeLargeImage();
  const location = await client.begin(bytes.length);
  const stream = (offset: number, body: Buffer) =>
    fetch(new URL(location, url), {
      method: 'PATCH',
      headers: {
        ...creator.headers,
        'tus-resumable': '1.0.0',
        'content-type': 'application/offset+octet-stream',
        'upload-offset': String(offset),
      },
      body: new Blob([new Uint8Array(body)]).stream(),
      duplex: 'half',
    } as RequestInit);
  expect((await stream(0, bytes.subarray(0, 80_000))).status).toBe(204);
  expect(await client.offsetOf(location)).toBe(80_000);
  expect((await stream(80_000, Buffer.concat([bytes.subarray(80_000), Buffer.from('x')]))).status).toBe(400);
  expect(await client.offsetOf(location)).toBe(80_000);
  expect(await (await stream(80_000, bytes.subarray(80_000))).json()).toMatchObject({ state: 'accepted' });
});

test('the last part sent again tells what became of the file, any other part that it is not wanted', async () => {
  const bytes = await makeLargeImage();
  const location = await client.begin(bytes.length);
  await client.patch(location, 0, bytes.subarray(0, 100_000));
  const { json } = await client.patch(location, 100_000, bytes.subarray(100_000));
  const again = await client.patch(location, 100_000, bytes.subarray(100_000));
  expect(again).toMatchObject({ status: 200, json: { state: 'accepted', photoId: json?.photoId } });
  expect((await client.patch(location, 0, bytes.subarray(0, 100_000))).status).toBe(409);
});

test('an upload is nobody else’s', async () => {
  const bytes = await makeLargeImage();
  const location = await client.begin(bytes.length);
  const whole = await client.create(bytes.length, fields, bytes);
  const stranger = tusClient(url, (await uploads.signUp({ creator: true })).headers);
  for (const theirs of [location, whole.headers.get('location') ?? '', `/v1/uploads/tus/${newId()}`]) {
    expect((await stranger.head(theirs)).status).toBe(404);
    expect(await stranger.patch(theirs, 0, bytes)).toMatchObject({ status: 404, json: { code: 'UPLOAD_NOT_FOUND' } });
    expect((await stranger.terminate(theirs)).status).toBe(404);
    const [told] = await stranger.status([uploadIdOf(theirs)]);
    expect(told).toEqual({ uploadId: uploadIdOf(theirs), state: 'gone' });
  }
  expect(await client.offsetOf(location)).toBe(0);
});

test('it takes a creator, before any byte', async () => {
  const member = await uploads.signUp();
  const answer = await tusClient(url, member.headers).create(10, fields);
  expect(answer).toMatchObject({ status: 403, json: { code: 'CREATOR_REQUIRED' } });
  const nobody = await fetch(new URL('/v1/uploads/tus', url), { method: 'POST' });
  expect(nobody.status).toBe(401);
});

test.each([
  ['without a price', { fileName: 'a.jpg' }, '/priceIdr'],
  ['with a price above all', { priceIdr: '999999999999' }, '/priceIdr'],
  ['with half a place', { priceIdr: '1', latitude: '1' }, '/longitude'],
  ['with a hash that is none', { priceIdr: '1', sha256: 'XYZ' }, '/sha256'],
  ['with a field that nobody knows', { priceIdr: '1', userId: 'x' }, '/'],
])('an upload %s is not begun', async (_what, metadata, path) => {
  const { status, json } = await client.create(10, metadata as Record<string, string>);
  expect(status).toBe(400);
  expect(json).toMatchObject({ code: 'REQUEST_INVALID', errors: [expect.objectContaining({ path })] });
});

test('nor one that is too large, is empty, or goes into somebody else’s event', async () => {
  const tooLarge = await client.create(uploads.ctx.config.PHOTO_SIZE_MAX_BYTES + 1, fields);
  expect(tooLarge).toMatchObject({ status: 413, json: { code: 'FILE_TOO_LARGE' } });
  expect(await client.create(0, fields)).toMatchObject({ status: 400, json: { code: 'FILE_EMPTY' } });
  const noEvent = await client.create(10, { ...fields, eventId: newId() });
  expect(noEvent).toMatchObject({ status: 404, json: { code: 'EVENT_NOT_FOUND' } });
});

test('nor one more than a creator may leave unfinished', async () => {
  const busy = await uploads.signUp({ creator: true });
  const theirs = tusClient(url, busy.headers);
  await theirs.begin(10);
  const now = new Date();
  const row = {
    creator_id: busy.accountId,
    size_bytes: 10n,
    offset_bytes: 0n,
    metadata: '',
    state: 'receiving',
  } as const;
  const none = { photo_id: null, refusal: null, holder: null, held_until: null, ended_at: null } as const;
  const rows = Array.from({ length: unfinishedMax - 1 }, () => ({
    ...row,
    ...none,
    upload_id: newId(),
    created_at: now,
    expires_at: now,
  }));
  await uploads.ctx.db.insertInto('resumable_uploads').values(rows).execute();
  expect(await theirs.create(10, fields)).toMatchObject({ status: 429, json: { code: 'UPLOADS_UNFINISHED' } });
  const bytes = await makeImage();
  expect((await theirs.create(bytes.length, fields, bytes)).json).toMatchObject({ state: 'accepted' });
});

test('a creation that is sent again with its key begins nothing twice, and tells what became of the first', async () => {
  const bytes = await makeLargeImage();
  const [key, otherKey] = [newId(), newId()];
  const create = (uploadId: string, body?: Buffer) =>
    client.create(bytes.length, fields, body, { 'idempotency-key': uploadId });
  const first = await create(key);
  expect(first.headers.get('location')).toBe(`/v1/uploads/tus/${key}`);
  expect(first.headers.get('upload-offset')).toBe('0');
  await client.patch(`/v1/uploads/tus/${key}`, 0, bytes.subarray(0, 80_000));
  const again = await create(key);
  expect(again).toMatchObject({ status: 201, json: { uploadId: key, state: 'receiving', offset: 80_000 } });
  expect(again.headers.get('upload-offset')).toBe('80000');
  await client.patch(`/v1/uploads/tus/${key}`, 80_000, bytes.subarray(80_000));
  const ended = await create(key, bytes);
  expect(ended).toMatchObject({ status: 201, json: { uploadId: key, state: 'accepted' } });
  expect(ended.headers.get('upload-offset')).toBe(String(bytes.length));
  // Whole files too, also two at the same moment.
  const whole = await makeImage();
  const send = (uploadId: string) => client.create(whole.length, fields, whole, { 'idempotency-key': uploadId });
  const answers = await Promise.all([send(otherKey), send(otherKey)]);
  answers.push(await send(otherKey));
  expect(answers.map(({ json }) => json)).toEqual(
    Array(3).fill({ uploadId: otherKey, state: 'accepted', photoId: expect.any(String) }),
  );
  expect(new Set(answers.map(({ json }) => json?.photoId)).size).toBe(1);
});

test('a key is for one file, and that of somebody else says nothing of theirs', async () => {
  const key = newId();
  const create = (sizeBytes: number, by = client) =>
    by.create(sizeBytes, fields, undefined, { 'idempotency-key': key });
  await create(100_000);
  expect(await create(100_001)).toMatchObject({ status: 409, json: { code: 'UPLOAD_ID_TAKEN' } });
  const stranger = tusClient(url, (await uploads.signUp({ creator: true })).headers);
  expect(await create(100_000, stranger)).toMatchObject({ status: 423, json: { code: 'UPLOAD_HELD' } });
  await client.terminate(`/v1/uploads/tus/${key}`);
  expect(await create(100_000)).toMatchObject({ status: 410, json: { code: 'UPLOAD_GONE' } });
  const noKey = await client.create(10, fields, undefined, { 'idempotency-key': 'one' });
  expect(noKey).toMatchObject({ status: 400, json: { code: 'REQUEST_INVALID' } });
});

test('an upload that is cancelled is gone with its parts; one that has ended cannot be', async () => {
  const bytes = await makeLargeImage();
  const location = await client.begin(bytes.length);
  await client.patch(location, 0, bytes.subarray(0, 100_000));
  const part = await uploads.ctx.db
    .selectFrom('resumable_parts')
    .select('object_key as key')
    .where('upload_id', '=', uploadIdOf(location))
    .executeTakeFirstOrThrow();
  expect(await uploads.ctx.objects.exists({ bucket: 'originals', ...part })).toBe(true);
  expect((await client.terminate(location)).status).toBe(204);
  expect(await uploads.ctx.objects.exists({ bucket: 'originals', ...part })).toBe(false);
  expect((await client.head(location)).status).toBe(410);
  expect(await client.patch(location, 100_000, bytes)).toMatchObject({ status: 410, json: { code: 'UPLOAD_GONE' } });
  const whole = await client.create(bytes.length, fields, bytes);
  const ended = await client.terminate(whole.headers.get('location') ?? '');
  expect(ended).toMatchObject({ status: 409, json: { code: 'UPLOAD_ENDED' } });
});

test('HEAD says what was announced; OPTIONS says what is spoken, to anybody', async () => {
  const location = await client.begin(4_711, fields);
  const { headers } = await client.head(location);
  expect(headers.get('upload-length')).toBe('4711');
  expect(headers.get('upload-metadata')).toBe(metadataHeader(fields));
  expect(headers.get('cache-control')).toBe('no-store');
  const told = await fetch(new URL('/v1/uploads/tus', url), { method: 'OPTIONS' });
  expect(told.status).toBe(204);
  expect(told.headers.get('tus-version')).toBe('1.0.0');
  expect(told.headers.get('tus-extension')).toContain('creation-with-upload');
  expect(told.headers.get('tus-checksum-algorithm')).toBe('sha256');
});

test('another version of the protocol, or a part of another type, is refused', async () => {
  const location = await client.begin(10);
  const other = await fetch(new URL(location, url), {
    method: 'PATCH',
    headers: { ...creator.headers, 'content-type': 'application/offset+octet-stream', 'upload-offset': '0' },
    body: 'x',
  });
  expect(other.status).toBe(412);
  expect((await client.patch(location, 0, Buffer.from('x'), { 'content-type': 'image/jpeg' })).status).toBe(415);
});

test('whoever learns the id of an upload changes nothing of it, and its creator goes on', async () => {
  const stranger = tusClient(url, (await uploads.signUp({ creator: true })).headers);
  const send = (uploadId: string, body: Buffer, by = stranger) =>
    by.create(body.length, fields, body, { 'idempotency-key': uploadId });
  const taken = await makeImage('png', { width: 141, height: 90 });
  expect((await send(newId(), taken)).json).toMatchObject({ state: 'accepted' });
  for (const body of [await makeBrokenJpeg(), taken, await makeImage('png', { width: 142, height: 90 })]) {
    const bytes = await makeLargeImage();
    const location = await client.begin(bytes.length, fields);
    await client.patch(location, 0, bytes.subarray(0, 70_000));
    const uploadId = uploadIdOf(location);
    await send(uploadId, body);
    expect(await client.status([uploadId])).toEqual([{ uploadId, state: 'receiving', offset: 70_000 }]);
    expect((await client.patch(location, 70_000, bytes.subarray(70_000))).json).toMatchObject({ state: 'accepted' });
  }
});

test('bytes of another type than those of a part are no part: the upload is there, and waits for them', async () => {
  const body = Buffer.from('{"a":1}');
  const type = { 'content-type': 'application/json' };
  const { status, headers } = await client.create(body.length, fields, body, type);
  expect([status, headers.get('upload-offset')]).toEqual([201, '0']);
  expect(await client.offsetOf(headers.get('location') ?? '')).toBe(0);
});

test('what was said of a file is forgotten with its end', async () => {
  const said = async (location: string) =>
    (
      await uploads.ctx.db
        .selectFrom('resumable_uploads')
        .select('metadata')
        .where('upload_id', '=', uploadIdOf(location))
        .executeTakeFirstOrThrow()
    ).metadata;
  const bytes = await makeLargeImage();
  const [accepted, cancelled] = [await client.begin(bytes.length, fields), await client.begin(bytes.length, fields)];
  expect(await said(accepted)).toContain('fileName');
  expect((await client.patch(accepted, 0, bytes)).json).toMatchObject({ state: 'accepted' });
  await client.terminate(cancelled);
  expect([await said(accepted), await said(cancelled)]).toEqual(['', '']);
  expect((await client.head(accepted)).status).toBe(200);
});
