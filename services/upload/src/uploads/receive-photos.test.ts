import { once } from 'node:events';
import { mkdir, stat, utimes, writeFile } from 'node:fs/promises';
import { type ClientRequest, request } from 'node:http';
import path from 'node:path';
import type { Member } from '@kilas/testkit/sign-up.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeImage } from '../testing/images.ts';
import { startUploads, type UploadSystem } from '../testing/start-uploads.ts';

const mebibyte = 1024 * 1024;
let uploads: UploadSystem;
let creator: Member;
let url: string;

beforeAll(async () => {
  const env = { PHOTO_SIZE_MAX_BYTES: String(64 * mebibyte), UPLOADS_AT_ONCE_MAX: '8', PHOTOS_PER_HOUR_MAX: '12' };
  uploads = await startUploads({ isWorking: false, env });
  creator = await uploads.signUp({ creator: true });
  url = await uploads.system.app.listen({ host: '127.0.0.1', port: 0 });
});

afterAll(() => uploads?.close());

const listSpool = async () => (await uploads.listFiles()).filter((file) => file.includes('spool'));
const countSpooledBytes = async () => {
  const files = await Promise.all((await listSpool()).map((file) => stat(file)));
  return files.reduce((sum, { size }) => sum + size, 0);
};
const field = '--x\r\ncontent-disposition: form-data; name="priceIdr"\r\n\r\n1000\r\n';
const fileHead = '--x\r\ncontent-disposition: form-data; name="photo"; filename="a.jpg"\r\n\r\n';

/** A request whose body is written piece by piece over a real connection. */
function open(route: string): ClientRequest {
  const headers = { ...creator.headers, 'content-type': 'multipart/form-data; boundary=x' };
  return request(`${url}${route}`, { method: 'POST', headers });
}

async function answerOf(client: ClientRequest): Promise<{ status: number; body: string }> {
  const [response] = await once(client, 'response');
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return { status: response.statusCode, body: Buffer.concat(chunks).toString() };
}

const write = (client: ClientRequest, bytes: Buffer | string) =>
  new Promise<void>((resolve) => client.write(bytes, () => resolve()));

test.each(['/v1/uploads/photo', '/v1/uploads/photos'])(
  'a client that goes away in the middle of a file leaves nothing behind: %s',
  async (route) => {
    const before = await uploads.listFiles();
    const client = open(route);
    client.on('error', () => {});
    await write(client, field + fileHead);
    await write(client, Buffer.alloc(mebibyte, 7));
    await waitFor(async () => (await listSpool()).length > 0, { what: 'the file to be spooled' });
    client.destroy();
    await waitFor(async () => (await listSpool()).length === 0, { what: 'the spooled file to be removed' });
    expect(await uploads.listFiles()).toEqual(before);
  },
);

test('a file is streamed: what was sent is on disk while the rest has not come', async () => {
  const client = open('/v1/uploads/photo');
  const answer = answerOf(client);
  await write(client, field + fileHead);
  const image = await makeImage();
  await write(client, image);
  for (let count = 0; count < 60; count++) await write(client, Buffer.alloc(mebibyte, count));
  await waitFor(async () => (await countSpooledBytes()) > 55 * mebibyte, { what: 'what was sent to be on disk' });
  client.end('\r\n--x--\r\n');
  // A JPEG with sixty megabytes behind its end is still one.
  expect((await answer).status).toBe(201);
  expect(await listSpool()).toEqual([]);
});

test('a refusal is heard before the file has been sent, and the connection serves the next request', async () => {
  const client = open('/v1/uploads/photo');
  const answer = answerOf(client);
  await write(client, `${field}--x\r\ncontent-disposition: form-data; name="creatorId"\r\n\r\nme\r\n${fileHead}`);
  for (let count = 0; count < 5; count++) await write(client, Buffer.alloc(mebibyte));
  client.end('\r\n--x--\r\n');
  expect(await answer).toMatchObject({ status: 400 });
  expect((await fetch(`${url}/v1/explore`, { headers: creator.headers })).status).toBeLessThan(500);
});

test('no account takes more than a quarter of the places for uploads', async () => {
  const clients = [open('/v1/uploads/photo'), open('/v1/uploads/photo')];
  for (const client of clients) {
    client.on('error', () => {});
    await write(client, field + fileHead + 'x'.repeat(70_000));
  }
  await waitFor(async () => (await listSpool()).length === 2, { what: 'two uploads to run' });
  const image = await makeImage();
  const parts = [
    ['priceIdr', '1'],
    ['photo', image, 'a.jpg'],
  ] as const;
  const refused = await uploads.send('/v1/uploads/photo', creator.headers, parts);
  expect(refused.json()).toMatchObject({ status: 503, code: 'UPLOADS_BUSY' });
  expect(refused.headers['retry-after']).toBe('5');
  for (const client of clients) client.destroy();
  const accepted = () => uploads.send('/v1/uploads/photo', creator.headers, parts);
  await waitFor(async () => (await accepted()).statusCode < 300, { what: 'a place to be free again' });
});

test('what a killed process left in the spool is removed, what others write now is not', async () => {
  const folder = uploads.ctx.config.SPOOL_FOLDER;
  const [old, fresh] = [path.join(folder, 'work-old'), path.join(folder, 'work-new')];
  for (const work of [old, fresh]) {
    await mkdir(work);
    await writeFile(path.join(work, 'received'), 'half a file');
  }
  const twoHoursAgo = new Date(Date.now() - 7_200_000);
  await utimes(old, twoHoursAgo, twoHoursAgo);
  await uploads.ctx.spool.prepare();
  expect(await listSpool()).toEqual([path.join(fresh, 'received')]);
});

test('a creator who sends more files than an hour allows is asked to wait', async () => {
  const other = await uploads.signUp({ creator: true });
  const codes: string[] = [];
  for (let count = 0; count < 13; count++) {
    const parts = [
      ['priceIdr', '1'],
      ['photo', Buffer.from('x'), 'a.jpg'],
    ] as const;
    codes.push((await uploads.send('/v1/uploads/photo', other.headers, parts)).json().code);
  }
  expect(codes.slice(0, 12)).toEqual(Array(12).fill('NOT_AN_IMAGE'));
  expect(codes[12]).toBe('TOO_MANY_REQUESTS');
});
