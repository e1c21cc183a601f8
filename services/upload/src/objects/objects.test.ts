import { newObjectKey } from '@kilas/platform/objects/file-objects.ts';
import type { LinkOptions } from '@kilas/platform/objects/objects.ts';
import { drivenClock } from '@kilas/testkit/drive-clock.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startUploads, type UploadSystem } from '../testing/start-uploads.ts';

const content = Buffer.from('the bytes that somebody paid for');

describe.each(['files', 's3'] as const)('links to objects on %s', (objects) => {
  const clock = drivenClock();
  const key = newObjectKey();
  const ref = { bucket: 'originals', key } as const;
  let uploads: UploadSystem;
  let link: string;

  beforeAll(async () => {
    uploads = await startUploads({ isWorking: false, clock, objects });
    await uploads.ctx.objects.write(ref, content);
    link = await sign({ contentType: 'image/jpeg' });
  });

  afterAll(() => uploads?.close());

  async function sign(options: Omit<LinkOptions, 'expiresAt'>, object = ref): Promise<string> {
    const expiresAt = new Date(clock.now().getTime() + 300_000);
    return uploads.ctx.objects.sign(object, { expiresAt, ...options });
  }

  const get = (url: string, headers: Record<string, string> = {}, method: 'GET' | 'HEAD' = 'GET') =>
    uploads.system.follow(url, { method, headers });

  test('a link gives the bytes as what they are, kept by no cache', async () => {
    const { status, headers, body } = await get(link);
    expect(status).toBe(200);
    expect(body).toEqual(content);
    expect(headers).toMatchObject({
      'content-type': 'image/jpeg',
      'content-length': String(content.length),
      'content-disposition': 'inline',
      'cache-control': 'private, no-store',
    });
  });

  test('a link that is given to all is one link, and browsers keep its bytes until it ends', async () => {
    const sharedSince = clock.now();
    const expiresAt = new Date(sharedSince.getTime() + 7_200_000);
    const share = () => uploads.ctx.objects.sign(ref, { contentType: 'image/webp', expiresAt, sharedSince });
    const first = await share();
    clock.advance(3_000);
    expect(await share()).toBe(first);
    const { status, headers, body } = await get(first);
    expect(status).toBe(200);
    expect(body).toEqual(content);
    expect(headers['content-type']).toBe('image/webp');
    if (objects === 'files') {
      expect(headers['cache-control']).toBe('private, max-age=4200, immutable');
    } else {
      expect(headers['cache-control']).toBe('private, immutable');
      expect(headers.expires).toBe(expiresAt.toUTCString());
    }
    clock.advance(4_199);
    expect((await get(first)).status).toBe(200);
    clock.advance(1);
    const ended = await get(first);
    expect(ended.status).toBe(403);
    expect(ended.headers['cache-control'] ?? '').not.toContain('immutable');
    link = await sign({ contentType: 'image/jpeg' });
  });

  test('a download has its name in every script, and in plain letters for old clients', async () => {
    const name = `Lari "Pagi" – 東京 (1)'s\r\n.jpg`;
    const { headers } = await get(await sign({ contentType: 'image/jpeg', downloadName: name }));
    expect(headers['content-disposition']).toBe(
      `attachment; filename="Lari _Pagi_ _ __ (1)'s__.jpg"; filename*=UTF-8''` +
        'Lari%20%22Pagi%22%20%E2%80%93%20%E6%9D%B1%E4%BA%AC%20%281%29%27s__.jpg',
    );
  });

  test('a link that was changed in whatever way gives not one byte', async () => {
    const other = newObjectKey();
    await uploads.ctx.objects.write({ bucket: 'originals', key: other }, content);
    await uploads.ctx.objects.write({ bucket: 'selfies', key }, content);
    const sharedSince = clock.now();
    const named = await sign({ contentType: 'image/jpeg', downloadName: 'a.jpg', sharedSince });
    const [address = '', query = ''] = named.split('?');
    const parts = query.split('&');
    const changed = [
      named.replace('originals/', 'selfies/'),
      named.replace('originals/', 'spool/'),
      named.replace(key, other),
      named.replace(key, encodeURIComponent('../installation.json')),
      named.replace(key, '..%2f..%2fx'),
      address,
      `${named}&name=x.html`,
      `${named}&extra=1`,
      // Each part of it taken away, and each with another value.
      ...parts.map((part) => `${address}?${parts.filter((kept) => kept !== part).join('&')}`),
      ...parts.map((part) => `${address}?${parts.map((kept) => (kept === part ? another(kept) : kept)).join('&')}`),
      ...parts.map((part) => `${address}?${another(part)}&${query}`),
    ];
    expect((await get(named)).body).toEqual(content);
    for (const url of changed) {
      for (const method of ['GET', 'HEAD'] as const) {
        const { status, headers, body } = await get(url, {}, method);
        expect([400, 403, 404], url).toContain(status);
        expect(body.includes(content.subarray(0, 8))).toBe(false);
        expect(headers['content-length']).not.toBe(String(content.length));
      }
    }
  });

  test('a guessed key opens nothing, with the signature of a link that is good', async () => {
    const guesses = [newObjectKey(), key.slice(0, -1), `${key}0`, ''];
    for (const guess of guesses) expect([400, 403, 404]).toContain((await get(link.replace(key, guess))).status);
  });

  test('a link to an object that was deleted says so', async () => {
    const gone = newObjectKey();
    await uploads.ctx.objects.write({ bucket: 'originals', key: gone }, content);
    const url = await sign({ contentType: 'image/jpeg' }, { bucket: 'originals', key: gone });
    await uploads.ctx.objects.delete({ bucket: 'originals', key: gone });
    expect((await get(url)).status).toBe(404);
  });

  test.each([
    ['bytes=0-3', 'the '],
    ['bytes=0-0', 't'],
    ['bytes=4-', content.subarray(4).toString()],
    ['bytes=30-99', 'or'],
  ])('a download goes on where it broke off: %s', async (range, expected) => {
    const { status, headers, body } = await get(link, { range });
    expect(status).toBe(206);
    expect(body.toString()).toBe(expected);
    expect(headers['content-length']).toBe(String(expected.length));
    expect(headers['content-range']).toMatch(new RegExp(`^bytes \\d+-\\d+/${content.length}$`));
  });

  test('there is nothing in a range behind the end', async () => {
    expect((await get(link, { range: 'bytes=32-40' })).status).toBe(416);
  });

  test('a link ends at its second', async () => {
    clock.advance(299);
    expect((await get(link)).status).toBe(200);
    clock.advance(1);
    expect((await get(link)).status).toBe(403);
    expect((await get(link, {}, 'HEAD')).status).toBe(403);
  });
});

/** The same part of a query with another value. */
function another(part: string): string {
  const [name = '', value = ''] = part.split('=');
  if (/^\d+$/.test(value)) return `${name}=9${value.slice(1)}1`;
  const last = value.endsWith('A') ? 'B' : 'A';
  return `${name}=${value.slice(0, -1)}${last}`;
}
