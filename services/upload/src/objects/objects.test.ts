import { newObjectKey } from '@kilas/platform/file-objects.ts';
import { drivenClock } from '@kilas/testkit/drive-clock.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startUploads, type UploadSystem } from '../testing/start-uploads.ts';

const clock = drivenClock();
const content = Buffer.from('the bytes that somebody paid for');
const key = newObjectKey();
const ref = { bucket: 'originals', key } as const;
let uploads: UploadSystem;
let path: string;

beforeAll(async () => {
  uploads = await startUploads({ isWorking: false, clock });
  await uploads.ctx.objects.write(ref, content);
  path = await sign({ contentType: 'image/jpeg' });
});

afterAll(() => uploads?.close());

async function sign(options: { contentType: string; downloadName?: string }, object = ref): Promise<string> {
  const expiresAt = new Date(clock.now().getTime() + 300_000);
  const url = await uploads.ctx.objects.sign(object, { expiresAt, ...options });
  return url.replace('http://kilas.test', '');
}

const get = (url: string, headers: Record<string, string> = {}, method: 'GET' | 'HEAD' = 'GET') =>
  uploads.system.app.inject({ method, url, headers });

test('a link gives the bytes as what they are, kept by no cache and run by no browser', async () => {
  const response = await get(path);
  expect(response.statusCode).toBe(200);
  expect(response.rawPayload).toEqual(content);
  expect(response.headers).toMatchObject({
    'content-type': 'image/jpeg',
    'content-length': String(content.length),
    'content-disposition': 'inline',
    'cache-control': 'private, no-store',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
  });
});

test('a download has its name in every script, and in plain letters for old clients', async () => {
  const name = `Lari "Pagi" – 東京 (1)'s\r\n.jpg`;
  const response = await get(await sign({ contentType: 'image/jpeg', downloadName: name }));
  expect(response.headers['content-disposition']).toBe(
    `attachment; filename="Lari _Pagi_ _ __ (1)'s__.jpg"; filename*=UTF-8''` +
      'Lari%20%22Pagi%22%20%E2%80%93%20%E6%9D%B1%E4%BA%AC%20%281%29%27s__.jpg',
  );
});

test('a link that was changed in whatever way gives not one byte', async () => {
  const other = newObjectKey();
  await uploads.ctx.objects.write({ bucket: 'originals', key: other }, content);
  const signature = /signature=([^&]+)/.exec(path)?.[1] ?? '';
  const forged = signature.startsWith('A') ? `B${signature.slice(1)}` : `A${signature.slice(1)}`;
  const changed = [
    path.replace('/originals/', '/previews/'),
    path.replace('/originals/', '/spool/'),
    path.replace(key, other),
    path.replace(key, encodeURIComponent('../installation.json')),
    path.replace(key, '..%2f..%2fx'),
    path.replace(/expires=\d+/, 'expires=9999999999'),
    path.replace('type=image%2Fjpeg', 'type=text%2Fhtml'),
    path.replace(signature, forged),
    path.replace(signature, ''),
    path.replace(/&signature=[^&]+/, ''),
    `${path}&name=x.html`,
    path.replace('?', '?expires=9999999999&'),
    `/v1/objects/originals/${key}`,
  ];
  for (const url of changed) {
    for (const method of ['GET', 'HEAD'] as const) {
      const response = await get(url, {}, method);
      expect([403, 404], url).toContain(response.statusCode);
      expect(response.rawPayload.includes(content.subarray(0, 8))).toBe(false);
      expect(response.headers['content-length']).not.toBe(String(content.length));
    }
  }
  const response = await get(`/v1/objects/originals/${key}`);
  expect(response.json()).toMatchObject({ status: 403, code: 'LINK_INVALID' });
});

test('a link to an object that was deleted says so', async () => {
  const gone = newObjectKey();
  await uploads.ctx.objects.write({ bucket: 'originals', key: gone }, content);
  const url = await sign({ contentType: 'image/jpeg' }, { bucket: 'originals', key: gone });
  await uploads.ctx.objects.delete({ bucket: 'originals', key: gone });
  expect((await get(url)).json()).toMatchObject({ status: 404, code: 'OBJECT_NOT_FOUND' });
});

test('HEAD tells the size and sends nothing', async () => {
  const response = await get(path, {}, 'HEAD');
  expect(response.statusCode).toBe(200);
  expect(response.headers['content-length']).toBe(String(content.length));
  expect(response.rawPayload.length).toBe(0);
});

test.each([
  ['bytes=0-3', 'the '],
  ['bytes=4-', content.subarray(4).toString()],
  ['bytes=-3', 'for'],
  ['bytes=30-99', 'or'],
  ['bytes=-999', content.toString()],
])('a download goes on where it broke off: %s', async (range, expected) => {
  const response = await get(path, { range });
  expect(response.statusCode).toBe(206);
  expect(response.body).toBe(expected);
  expect(response.headers['content-length']).toBe(String(expected.length));
  expect(response.headers['content-range']).toMatch(new RegExp(`^bytes \\d+-\\d+/${content.length}$`));
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

test('a link ends', async () => {
  clock.advance(299);
  expect((await get(path)).statusCode).toBe(200);
  clock.advance(1);
  expect((await get(path)).json()).toMatchObject({ status: 403, code: 'LINK_INVALID' });
  expect((await get(path, {}, 'HEAD')).statusCode).toBe(403);
});
