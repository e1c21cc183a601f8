import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { type ClientRequest, request } from 'node:http';
import { isDiskFull } from '@kilas/platform/problems/machine-fault.ts';
import type { Member } from '@kilas/testkit/sign-up.ts';
import { mountSmallDisk } from '@kilas/testkit/small-disk.ts';
import { testWithSmallDisk as test } from '@kilas/testkit/test-with-small-disk.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { derivePhoto } from '../derivatives/derive-photo.ts';
import { makeImage } from '../testing/images.ts';
import { type Part, startUploads, type UploadSystem } from '../testing/start-uploads.ts';
import { findUpload } from './upload-store.ts';

const mebibyte = 1024 * 1024;
const disk = mountSmallDisk(64 * mebibyte);
let uploads: UploadSystem;
let creator: Member;
let url: string;

beforeAll(async () => {
  if (disk === undefined) return;
  const env = {
    SPOOL_FOLDER: `${disk.folder}/spool`,
    SPOOL_FREE_MIN_BYTES: String(16 * mebibyte),
    PHOTO_SIZE_MAX_BYTES: String(8 * mebibyte),
    UPLOADS_AT_ONCE_MAX: '100',
  };
  uploads = await startUploads({ isWorking: false, env });
  creator = await uploads.signUp({ creator: true, consent: true });
  url = await uploads.system.app.listen({ host: '127.0.0.1', port: 0 });
});

afterEach(() => disk?.clear());

afterAll(async () => {
  await uploads?.close();
  disk?.unmount();
});

const listSpool = () => readdir(`${disk?.folder}/spool`);
const send = (route: string, parts: readonly Part[], headers = {}) =>
  uploads.send(route, { ...creator.headers, ...headers }, parts);
const photoOf = (bytes: Buffer): readonly Part[] => [
  ['priceIdr', '1000'],
  ['photo', bytes, 'a.jpg'],
];
const readiness = async () => {
  const { statusCode, body } = await uploads.system.app.inject('/readyz');
  return { statusCode, disk: JSON.parse(body).services.upload.disk };
};

const head =
  '--x\r\ncontent-disposition: form-data; name="priceIdr"\r\n\r\n1000\r\n' +
  '--x\r\ncontent-disposition: form-data; name="photo"; filename="a.jpg"\r\n\r\n';

/** A request whose body is written piece by piece over a real connection. */
function open(more: Record<string, string> = {}): ClientRequest {
  const headers = { ...creator.headers, 'content-type': 'multipart/form-data; boundary=x', ...more };
  return request(`${url}/v1/uploads/photo`, { method: 'POST', headers }).on('error', () => {});
}

const write = (client: ClientRequest, bytes: Buffer | string) =>
  new Promise<void>((resolve) => client.write(bytes, () => resolve()));

async function answerOf(client: ClientRequest): Promise<{ status: number; code: string; retryAfter: number }> {
  const [response] = await once(client, 'response');
  let body = '';
  for await (const chunk of response) body += chunk;
  const retryAfter = Number(response.headers['retry-after']);
  return { status: response.statusCode, code: JSON.parse(body).code, retryAfter };
}

test('below the floor photos, batches and selfies are refused before their bytes are taken; the rest goes on', async () => {
  await disk?.fill(15 * mebibyte);
  const image = await makeImage();
  const refused = [
    await send('/v1/uploads/photo', photoOf(image)),
    await send('/v1/uploads/photos', photoOf(image)),
    await send('/v1/facecams', [['selfie', image, 'a.jpg']]),
  ];
  for (const answer of refused) {
    expect(answer.json()).toMatchObject({ status: 507, code: 'DISK_FULL', detail: expect.stringMatching(/room/) });
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  }
  const indonesian = await send('/v1/uploads/photo', photoOf(image), { 'accept-language': 'id' });
  expect(indonesian.json()).toMatchObject({ code: 'DISK_FULL', detail: expect.stringMatching(/tempat/) });
  expect(await listSpool()).toEqual([]);
  expect(await readiness()).toEqual({ statusCode: 200, disk: 'degraded' });
  const metrics = (await uploads.system.app.inject('/metrics')).body;
  expect(metrics).toMatch(/kilas_uploads_without_room_total\{service="upload"\} [4-9]/);
  expect(metrics).toContain('kilas_part_up{part="disk",service="upload"} 0');
  expect((await uploads.system.app.inject({ url: '/v1/facecams', headers: creator.headers })).statusCode).toBe(200);
  await disk?.clear();
  expect(await readiness()).toEqual({ statusCode: 200, disk: 'ready' });
  expect((await send('/v1/uploads/photo', photoOf(image))).statusCode).toBe(201);
});

test('uploads that run together are given the room above the floor once, and give it back', async () => {
  // Of 64 MiB 16 stay free; each is written twice, to the spool and to the objects.
  const slow = [open(), open(), open()];
  for (const client of slow) await write(client, head + 'x'.repeat(70_000));
  await waitFor(async () => (await listSpool()).length === 3, { what: 'three uploads to run' });
  expect(
    (await send('/v1/uploads/photo', photoOf(await makeImage('png', { width: 500, height: 500 })))).json(),
  ).toMatchObject({
    code: 'DISK_FULL',
  });
  for (const client of slow) client.destroy();
  const again = async () => (await send('/v1/uploads/photo', photoOf(await makeImage()))).statusCode;
  await waitFor(async () => (await again()) === 201, { what: 'the room to be free again' });
});

test('a disk that others fill while a file is received is a 507, and leaves nothing behind', async () => {
  const client = open();
  const answer = answerOf(client);
  await write(client, head + 'x'.repeat(70_000));
  await waitFor(async () => (await listSpool()).length === 1, { what: 'the upload to run' });
  await disk?.fill(0);
  for (let count = 0; count < 3; count++) await write(client, Buffer.alloc(mebibyte, 1));
  client.end('\r\n--x--\r\n');
  expect(await answer).toMatchObject({ status: 507, code: 'DISK_FULL', retryAfter: 60 });
  expect(await listSpool()).toEqual([]);
});

test('image work that finds the disk full uses up no try of the photo, and is done when there is room', async () => {
  const { photoId } = (await send('/v1/uploads/photo', photoOf(await makeImage()))).json();
  await uploads.ctx.db.updateTable('uploads').set({ derive_count: 11 }).where('photo_id', '=', photoId).execute();
  await disk?.fill(0);
  for (const start of [12, 13]) {
    const run = derivePhoto(uploads.ctx, { photoId }, new AbortController().signal);
    await expect(run).rejects.toSatisfy(isDiskFull);
    const upload = await findUpload(uploads.ctx.db, photoId);
    expect(upload).toMatchObject({ state: 'accepted', derive_count: start, derive_count_max: start + 1 });
  }
  await disk?.clear();
  await derivePhoto(uploads.ctx, { photoId }, new AbortController().signal);
  const upload = await findUpload(uploads.ctx.db, photoId);
  expect(await uploads.ctx.objects.exists({ bucket: 'previews', key: upload?.preview_key ?? '' })).toBe(true);
});
