import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { Code, createClient } from '@connectrpc/connect';
import { ArchiveService } from '@kilas/contracts/gen/kilas/upload/v1/archive_service_pb.js';
import { problems } from '@kilas/messages/problems.ts';
import { createHttpApp } from '@kilas/platform/http/http-app.ts';
import { newObjectKey } from '@kilas/platform/objects/file-objects.ts';
import { refusalOf } from '@kilas/platform/problems/refusal.ts';
import { hashOf, newId, newSecret } from '@kilas/platform/process/ids.ts';
import { openLog } from '@kilas/platform/process/log.ts';
import { drivenClock } from '@kilas/testkit/drive-clock.ts';
import type { Member } from '@kilas/testkit/sign-up.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { makeImage } from '../testing/images.ts';
import { readZip } from '../testing/read-zip.ts';
import { startUploads, type UploadSystem } from '../testing/start-uploads.ts';
import { findUpload } from '../uploads/upload-store.ts';
import { insertArchive, listOriginals } from './archive-store.ts';
import { countChecksums } from './count-checksums.ts';
import { registerArchiveHttp } from './http.ts';
import { ArchivePlaces } from './places.ts';
import { sweepArchives } from './sweep-archives.ts';

const capturedAt = new Date('2026-05-01T07:30:16Z');

describe.each(['files', 's3'] as const)('archives of originals on %s', (objects) => {
  const clock = drivenClock();
  let uploads: UploadSystem;
  let creator: Member;
  let base: string;

  beforeAll(async () => {
    uploads = await startUploads({ isWorking: false, clock, objects });
    creator = await uploads.signUp({ creator: true });
    base = await uploads.system.app.listen({ host: '127.0.0.1', port: 0 });
  });
  afterAll(() => uploads?.close());

  const archives = () => createClient(ArchiveService, uploads.system.peersAs('transaction')('upload'));

  async function sendPhoto(): Promise<{ photoId: string; bytes: Buffer }> {
    const bytes = await makeImage('png', { width: 120 + Math.floor(Math.random() * 200), height: 90 });
    const parts = [
      ['priceIdr', '5000'],
      ['photo', bytes, 'a.png'],
    ] as const;
    const answer = await uploads.send('/v1/uploads/photo', creator.headers, parts);
    return { photoId: answer.json().photoId, bytes };
  }

  const sendPhotos = (count: number) => Promise.all(Array.from({ length: count }, sendPhoto));

  /** Under these names, in this order. */
  async function create(photos: readonly { photoId: string }[], names = photos.map((_, i) => `${i}.png`)) {
    const originals = photos.map(({ photoId }, i) => ({
      photoId,
      fileName: names[i] ?? '',
      capturedAt: timestampFromDate(capturedAt),
    }));
    const made = await archives().createArchive({ fileName: 'Lari pagi.zip', originals });
    return { path: new URL(made.url).pathname, url: made.url, sizeBytes: Number(made.sizeBytes) };
  }

  const get = (url: string, headers: Record<string, string> = {}, method: 'GET' | 'HEAD' = 'GET') =>
    uploads.system.app.inject({ method, url, headers });

  const removeOriginal = async ({ photoId }: { photoId: string }) => {
    const key = (await findUpload(uploads.ctx.db, photoId))?.original_key ?? '';
    await uploads.ctx.objects.delete({ bucket: 'originals', key });
    return { bucket: 'originals', key } as const;
  };

  const reasonOf = (promise: Promise<unknown>) =>
    promise.then(
      () => 'no error',
      (error) => refusalOf(error)?.reason ?? error.code,
    );

  test('an archive holds the originals byte for byte, and its length is known before', async () => {
    const photos = await sendPhotos(3);
    const { path, sizeBytes } = await create(photos, ['Garis finis.png', 'Garis finis.png', '東京 🏁.png']);
    const head = await get(path, {}, 'HEAD');
    expect([head.statusCode, head.headers['content-length'], head.rawPayload.length]).toEqual([
      200,
      String(sizeBytes),
      0,
    ]);
    const { statusCode, headers, rawPayload } = await get(path);
    expect(statusCode).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'application/zip',
      'content-length': String(sizeBytes),
      'content-disposition': `attachment; filename="Lari pagi.zip"; filename*=UTF-8''Lari%20pagi.zip`,
      'cache-control': 'private, no-store',
      'accept-ranges': 'bytes',
      etag: head.headers.etag,
    });
    expect(rawPayload.length).toBe(sizeBytes);
    const files = await readZip(rawPayload);
    expect([...files]).toEqual([
      ['Garis finis.png', photos[0]?.bytes],
      ['Garis finis (2).png', photos[1]?.bytes],
      ['東京 🏁.png', photos[2]?.bytes],
    ]);
  });

  test('no name leads out of the folder into which an archive is unpacked', async () => {
    const photos = await sendPhotos(3);
    const { path } = await create(photos, ['../../x.png', '/etc/passwd', 'C:\\x.png']);
    expect([...(await readZip((await get(path)).rawPayload)).keys()]).toEqual(['x.png', 'etc passwd', 'C x.png']);
  });

  test('a download that broke off goes on where it was, also at a new link after the old one has ended', async () => {
    const photos = await sendPhotos(2);
    const first = await create(photos);
    const whole = await get(first.path);
    const { etag } = whole.headers;
    const half = Math.floor(first.sizeBytes / 2);
    const parts = [
      await get(first.path, { range: `bytes=0-${half - 1}` }),
      await get(first.path, { range: `bytes=${half}-`, 'if-range': String(etag) }),
    ];
    expect(parts.map((part) => [part.statusCode, part.headers['content-range']])).toEqual([
      [206, `bytes 0-${half - 1}/${first.sizeBytes}`],
      [206, `bytes ${half}-${first.sizeBytes - 1}/${first.sizeBytes}`],
    ]);
    expect(Buffer.concat(parts.map((part) => part.rawPayload))).toEqual(whole.rawPayload);
    clock.advance(300);
    for (const method of ['GET', 'HEAD'] as const) expect((await get(first.path, {}, method)).statusCode).toBe(403);
    const second = await create(photos);
    expect(second.path).not.toBe(first.path);
    const rest = await get(second.path, { range: `bytes=${half}-`, 'if-range': String(etag) });
    expect([rest.statusCode, rest.rawPayload]).toEqual([206, whole.rawPayload.subarray(half)]);
    const other = await create(photos, ['other.png', 'names.png']);
    const anew = await get(other.path, { range: `bytes=${half}-`, 'if-range': String(etag) });
    expect([anew.statusCode, anew.rawPayload.length]).toEqual([200, other.sizeBytes]);
  });

  test.each([
    ['the last bytes', 'bytes=-22', 206],
    ['one byte', 'bytes=0-0', 206],
    ['nothing of it', 'bytes=99999999-', 416],
    ['several parts', 'bytes=0-1,5-6', 200],
  ])('a range may ask for %s', async (_what, range, status) => {
    const { path, sizeBytes } = await create(await sendPhotos(1));
    const answer = await get(path, { range });
    expect(answer.statusCode).toBe(status);
    if (status === 416) expect(answer.headers['content-range']).toBe(`bytes */${sizeBytes}`);
    if (range === 'bytes=-22') expect(answer.rawPayload.readUInt32LE(0)).toBe(0x06054b50);
  });

  test('two who load an archive at once get the same', async () => {
    const { url, sizeBytes } = await create(await sendPhotos(3));
    const bodies = await Promise.all([load(url), load(url)].map(async (response) => buffer(await response)));
    expect(bodies[0]?.length).toBe(sizeBytes);
    expect(bodies[1]).toEqual(bodies[0]);
  });

  /** More than lies on the way from a server to a client. */
  const large = 32 * 1024 * 1024;

  async function createLarge(): Promise<string> {
    const key = newObjectKey();
    const content = Buffer.alloc(large, 7);
    await uploads.ctx.objects.write({ bucket: 'originals', key }, content);
    const entry = { key, name: 'a.jpg', sizeBytes: large, crc32: crc32(content), modifiedAt: capturedAt };
    const expiresAt = new Date(clock.now().getTime() + 300_000);
    const token = newSecret();
    await insertArchive(uploads.ctx.db, { tokenHash: hashOf(token), fileName: 'a.zip', entries: [entry], expiresAt });
    return `/v1/archives/${token}`;
  }

  test('a download that nobody takes any more gives its place to the next one', async () => {
    const url = `${base}${await createLarge()}`;
    const responses = await Promise.all([1, 2, 3, 4].map(() => load(url)));
    const fifth = await load(url);
    expect([fifth.statusCode, fifth.headers['retry-after']]).toEqual([503, '5']);
    fifth.resume();
    responses[0]?.destroy();
    const isLetIn = async () => {
      const next = await load(url);
      next.destroy();
      return next.statusCode === 200;
    };
    await waitFor(isLetIn, { what: 'a place to be free' });
    for (const response of responses.slice(1)) expect((await buffer(response)).length).toBeGreaterThan(large);
  });

  test('a client that takes nothing for long loses its connection', async () => {
    const log = openLog('upload', 'silent');
    const app = await createHttpApp({ log, problems, corsOrigins: [], trustedProxies: [], title: 'test' });
    registerArchiveHttp(app, uploads.ctx, 100);
    const impatient = await app.listen({ host: '127.0.0.1', port: 0 });
    const response = await load(`${impatient}${await createLarge()}`, impatient);
    const isOpen = () => promisify(app.server.getConnections.bind(app.server))();
    await waitFor(async () => (await isOpen()) === 0, { what: 'the connection to be ended' });
    await expect(buffer(response)).rejects.toMatchObject({ code: 'ECONNRESET' });
    await app.close();
  });

  test('a client that goes while the storage is asked leaves no place taken', async () => {
    const log = openLog('upload', 'silent');
    const app = await createHttpApp({ log, problems, corsOrigins: [], trustedProxies: [], title: 'test' });
    registerArchiveHttp(app, uploads.ctx);
    let gone = Promise.resolve();
    app.addHook('onRequest', async (_request, reply) => {
      gone = once(reply.raw, 'close').then(() => {});
    });
    const url = `${await app.listen({ host: '127.0.0.1', port: 0 })}${await createLarge()}`;
    const { objects } = uploads.ctx;
    const sizeOf = objects.sizeOf.bind(objects);
    const slow = vi.spyOn(objects, 'sizeOf');
    // More than there are places for one link.
    for (let client = 1; client <= 6; client++) {
      const asked = Promise.withResolvers<void>();
      slow.mockImplementationOnce(async (ref) => {
        request.destroy();
        await gone;
        asked.resolve();
        return sizeOf(ref);
      });
      const request = http.get(url).on('error', () => {});
      await asked.promise;
    }
    slow.mockRestore();
    const response = await load(url, new URL(url).origin);
    response.destroy();
    expect(response.statusCode).toBe(200);
    await app.close();
  });

  test('what cannot be read breaks the connection: an archive is never short, and nobody takes it for whole', async () => {
    const photos = await sendPhotos(3);
    const { url, sizeBytes } = await create(photos);
    const [, second, third] = photos;
    if (second === undefined || third === undefined) throw new Error('photos are missing');
    const ref = await removeOriginal(second);
    await expectBroken(url, sizeBytes);
    // One that is another one by now, shorter or longer.
    for (const other of [second.bytes.subarray(0, 50), Buffer.concat([second.bytes, second.bytes])]) {
      await uploads.ctx.objects.delete(ref);
      await uploads.ctx.objects.write(ref, other);
      await expectBroken(url, sizeBytes);
    }
    const rest = await get(new URL(url).pathname, { range: `bytes=${sizeBytes - 200}-` });
    expect(rest.statusCode).toBe(206);
  });

  test('where not even the first original is there, that is said instead of an archive', async () => {
    const photos = await sendPhotos(2);
    const { path } = await create(photos);
    await removeOriginal(photos[0] ?? { photoId: '' });
    expect((await get(path)).json()).toMatchObject({ code: 'ARCHIVE_INCOMPLETE' });
  });

  test('a checksum that an older release did not count is counted when it is needed, once', async () => {
    const photos = await sendPhotos(2);
    const ids = photos.map(({ photoId }) => photoId);
    await uploads.ctx.db.updateTable('uploads').set({ crc32: null }).where('photo_id', 'in', ids).execute();
    const { path } = await create(photos);
    expect([...(await readZip((await get(path)).rawPayload)).values()]).toEqual(photos.map(({ bytes }) => bytes));
    for (const { photoId, bytes } of photos) {
      expect((await findUpload(uploads.ctx.db, photoId))?.crc32).toBe(BigInt(crc32(bytes)));
    }
    const [gone] = photos;
    await uploads.ctx.db.updateTable('uploads').set({ crc32: null }).where('photo_id', 'in', ids).execute();
    await removeOriginal(gone ?? { photoId: '' });
    expect(await reasonOf(create(photos))).toBe('ARCHIVE_INCOMPLETE');
  });

  test('when counting takes too long, it goes on with the next attempt', async () => {
    const ids = (await sendPhotos(6)).map(({ photoId }) => photoId);
    await uploads.ctx.db.updateTable('uploads').set({ crc32: null }).where('photo_id', 'in', ids).execute();
    const count = async () => countChecksums(uploads.ctx, await listOriginals(uploads.ctx.db, ids), 0);
    expect(await reasonOf(count())).toBe('ARCHIVE_NOT_READY');
    expect((await count()).size).toBe(6);
  });

  test('an archive is made for transaction alone, of photos that are there, named once each, 2,000 at most', async () => {
    const [photo = { photoId: '' }] = await sendPhotos(1);
    const original = { photoId: photo.photoId, fileName: 'a.png', capturedAt: timestampFromDate(capturedAt) };
    for (const caller of ['photo', 'ai', 'user'] as const) {
      const client = createClient(ArchiveService, uploads.system.peersAs(caller)('upload'));
      const made = client.createArchive({ fileName: 'a.zip', originals: [original] });
      await expect(made).rejects.toMatchObject({ code: Code.PermissionDenied });
    }
    expect(await reasonOf(create([{ photoId: newId() }]))).toBe('ARCHIVE_INCOMPLETE');
    expect(await reasonOf(create([]))).toBe('REQUEST_INVALID');
    expect(await reasonOf(create([photo, photo]))).toBe('REQUEST_INVALID');
    expect(await reasonOf(create(Array.from({ length: 2001 }, () => ({ photoId: newId() }))))).toBe('REQUEST_INVALID');
  });

  test('the table holds no token, and forgets archives whose links have ended', async () => {
    const { path } = await create(await sendPhotos(1));
    const token = path.split('/').at(-1) ?? '';
    const rows = () => uploads.ctx.db.selectFrom('archives').selectAll().execute();
    expect(JSON.stringify(await rows())).not.toContain(token);
    expect((await get(`/v1/archives/${token.slice(0, -1)}x`)).json()).toMatchObject({ code: 'LINK_INVALID' });
    await sweepArchives(uploads.ctx);
    expect((await get(path)).statusCode).toBe(200);
    clock.advance(300);
    await sweepArchives(uploads.ctx);
    expect(await rows()).toEqual([]);
  });

  async function load(url: string, from = base): Promise<IncomingMessage> {
    const [response] = await once(http.get(`${from}${new URL(url).pathname}`), 'response');
    return response;
  }

  async function expectBroken(url: string, sizeBytes: number): Promise<void> {
    const response = await load(url);
    expect([response.statusCode, response.headers['content-length']]).toEqual([200, String(sizeBytes)]);
    await expect(buffer(response)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(response.complete).toBe(false);
  }
});

test('one link takes four places, one address twelve, all together 24, and a place that was left is free again', () => {
  const places = new ArchivePlaces();
  const isRefused = (link: string, address = link) => {
    try {
      places.take({ link, address });
      return false;
    } catch (error) {
      return refusalOf(error)?.reason === 'ARCHIVES_BUSY';
    }
  };
  const leave = Array.from({ length: 4 }, () => places.take({ link: 'one', address: 'home' }));
  expect(isRefused('one')).toBe(true);
  for (let link = 0; link < 8; link++) places.take({ link: `at home ${link}`, address: 'home' });
  expect(isRefused('new', 'home')).toBe(true);
  for (let link = 0; link < 12; link++) places.take({ link: `elsewhere ${link}`, address: `${link}` });
  expect(isRefused('new')).toBe(true);
  leave[0]?.();
  leave[0]?.();
  expect([isRefused('new'), isRefused('newer')]).toEqual([false, true]);
});
