import { newObjectKey } from '@kilas/platform/objects/file-objects.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startUploads, type UploadSystem } from '../testing/start-uploads.ts';

const content = Buffer.from('the bytes that somebody paid for');
const key = newObjectKey();
let uploads: UploadSystem;
let path: string;

beforeAll(async () => {
  uploads = await startUploads({ isWorking: false, objects: 'files' });
  await uploads.ctx.objects.write({ bucket: 'originals', key }, content);
  path = await sign(key);
});

afterAll(() => uploads?.close());

async function sign(object: string): Promise<string> {
  const expiresAt = new Date(Date.now() + 300_000);
  const url = await uploads.ctx.objects.sign(
    { bucket: 'originals', key: object },
    { expiresAt, contentType: 'image/jpeg' },
  );
  return url.replace('http://kilas.test', '');
}

const get = (url: string, headers: Record<string, string> = {}, method: 'GET' | 'HEAD' = 'GET') =>
  uploads.system.app.inject({ method, url, headers });

test('what is served from files is run by no browser', async () => {
  const { headers } = await get(path);
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(headers['content-security-policy']).toBe("default-src 'none'; sandbox");
});

test('a refusal says which: a link that is no good, an object that is gone', async () => {
  expect((await get(`/v1/objects/originals/${key}`)).json()).toMatchObject({ status: 403, code: 'LINK_INVALID' });
  expect((await get(await sign(newObjectKey()))).json()).toMatchObject({ status: 404, code: 'OBJECT_NOT_FOUND' });
});

test('the API document names the address of objects', () => {
  expect(uploads.system.app.swagger()).toMatchObject({
    paths: { '/v1/objects/{bucket}/{folder}/{name}': { get: {} } },
  });
});

test('HEAD tells the size and sends nothing', async () => {
  const response = await get(path, {}, 'HEAD');
  expect(response.statusCode).toBe(200);
  expect(response.headers['content-length']).toBe(String(content.length));
  expect(response.rawPayload.length).toBe(0);
});

test.each([
  ['bytes=-3', 'for'],
  ['bytes=-999', content.toString()],
])('a download begins at the end: %s', async (range, expected) => {
  const response = await get(path, { range });
  expect(response.statusCode).toBe(206);
  expect(response.body).toBe(expected);
});

test.each(['bytes=32-', 'bytes=99-100', 'bytes=-0'])('there is nothing in the range %s', async (range) => {
  const response = await get(path, { range });
  expect(response.statusCode).toBe(416);
  expect(response.headers['content-range']).toBe(`bytes */${content.length}`);
  expect(response.json()).toMatchObject({ code: 'RANGE_UNSATISFIABLE' });
});

test.each(['bytes=3-1', 'bytes=0-1,3-4', 'lines=1-2', 'bytes=-'])('%s is answered with everything', async (range) => {
  const response = await get(path, { range });
  expect(response.statusCode).toBe(200);
  expect(response.rawPayload).toEqual(content);
});
