import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, utimes } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { Code, ConnectError } from '@connectrpc/connect';
import { type Interference, type S3Server, startS3 } from '@kilas/embedded/s3/start-s3.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openTestS3 } from '../testing/open-test-s3.ts';
import { newObjectKey } from './file-objects.ts';
import { ObjectMissing } from './objects.ts';

const mebibyte = 1024 * 1024;
const account = { accessKeyId: 'kilas', secretAccessKey: 'not a secret' };
const folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-s3-'));
const troubles: Error[] = [];
let s3: S3Server;
let objects: ReturnType<typeof openTestS3>;

beforeAll(async () => {
  s3 = await startS3({ folder: path.join(folder, 'main'), ...account });
  objects = openTestS3({ S3_ENDPOINT: s3.url }, troubles);
  await objects.prepare();
});

afterEach(() => s3.interfere(undefined));

afterAll(async () => {
  await s3.stop();
  await rm(folder, { recursive: true, force: true });
});

const newRef = () => ({ bucket: 'first', key: newObjectKey() }) as const;
const stream = (sizeBytes: number) => Readable.from([Buffer.alloc(sizeBytes, 'x')], { objectMode: false });
const listParts = () => readdir(path.join(folder, 'main', 'kilas-first', '._S3rver_uploads')).catch(() => []);
const away = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no error',
    (error) => error instanceof ConnectError && error.code === Code.Unavailable,
  );

/** Interferes with the first requests of a method, so many; with those whose address holds a text. */
function first(count: number, method: string, text: string, fault: Awaited<ReturnType<Interference>>): Interference {
  let left = count;
  return (request) => {
    if (request.method !== method || !request.url.includes(text) || left === 0) return undefined;
    left -= 1;
    return fault;
  };
}

test('a storage that asks to slow down is away for every operation, and is back when it is back', async () => {
  const ref = newRef();
  await objects.write(ref, Buffer.from('kept'));
  s3.answer503(true);
  const told = troubles.length;
  expect(await away(objects.read(ref))).toBe(true);
  expect(await away(objects.open(ref))).toBe(true);
  expect(await away(objects.sizeOf(ref))).toBe(true);
  expect(await away(objects.exists(ref))).toBe(true);
  expect(await away(objects.write(newRef(), Buffer.from('x')))).toBe(true);
  expect(await away(objects.write(newRef(), stream(6 * mebibyte)))).toBe(true);
  expect(await away(objects.delete(ref))).toBe(true);
  expect(await away(objects.sweep())).toBe(true);
  expect(await objects.state()).toBe('degraded');
  expect(troubles.slice(told).map(({ message }) => message)).toContain('object storage, GetObject: SlowDown (503)');
  s3.answer503(false);
  expect(await objects.state()).toBe('ready');
  expect((await objects.read(ref)).toString()).toBe('kept');
}, 120_000);

test('a request or two that fail are sent again', async () => {
  s3.interfere(first(2, 'PUT', '/kilas-', { code: 'InternalError', message: 'once more' }));
  const ref = newRef();
  expect(await objects.write(ref, Buffer.from('x'))).toBe(true);
  expect((await objects.read(ref)).toString()).toBe('x');
});

test('a storage that does not answer is degraded before a health check gives up on the whole service', async () => {
  s3.interfere(() => 'hang');
  // A timer that was set before fires first: 2 s is the timeout of the checks that are registered with Consul.
  const checkGivesUp = delay(2_000, 'too late', { ref: false });
  expect(await Promise.race([objects.state(), checkGivesUp])).toBe('degraded');
});

test.each([
  ['PUT', '/kilas-', 1024],
  ['POST', 'uploadId=', 6 * mebibyte],
])('after an answer to %s that was lost the object is whole, and its key taken', async (method, text, sizeBytes) => {
  const ref = newRef();
  s3.interfere(first(1, method, text, 'lose'));
  expect(await objects.write(ref, stream(sizeBytes))).toBe(false);
  expect(await objects.sizeOf(ref)).toBe(sizeBytes);
  expect(await listParts()).toEqual([]);
});

test('when all answers are lost the write is away; repeated it finds its key taken by the whole object', async () => {
  const ref = newRef();
  s3.interfere(first(3, 'PUT', '/kilas-', 'lose'));
  expect(await away(objects.write(ref, Buffer.from('whole')))).toBe(true);
  expect(await objects.write(ref, Buffer.from('whole'))).toBe(false);
  expect((await objects.read(ref)).toString()).toBe('whole');
});

test('a part that cannot be stored ends the write, and the parts before it are given up', async () => {
  const ref = newRef();
  s3.interfere(first(3, 'PUT', 'partNumber=3', { code: 'InternalError', message: 'no' }));
  expect(await away(objects.write(ref, stream(16 * mebibyte)))).toBe(true);
  expect(await listParts()).toEqual([]);
  expect(await objects.exists(ref)).toBe(false);
});

test('a large stream is not read ahead of the storage', async () => {
  let readBytes = 0;
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let partsSeen = 0;
  s3.interfere(async ({ url }) => {
    if (url.includes('partNumber=')) {
      partsSeen += 1;
      await released;
    }
    return undefined;
  });
  async function* chunks(): AsyncGenerator<Buffer> {
    for (let count = 0; count < 30; count++) {
      readBytes += mebibyte;
      yield Buffer.alloc(mebibyte);
    }
  }
  const ref = newRef();
  const written = objects.write(ref, Readable.from(chunks(), { objectMode: false }));
  await waitFor(() => partsSeen === 1, { what: 'the first part' });
  expect(readBytes).toBeLessThanOrEqual(8 * mebibyte);
  release();
  expect(await written).toBe(true);
  expect(await objects.sizeOf(ref)).toBe(30 * mebibyte);
});

test('a connection that breaks in the middle of an object breaks its stream, as a storage that is away', async () => {
  const ref = newRef();
  await objects.write(ref, stream(8 * mebibyte));
  const other = await startS3({ folder: path.join(folder, 'main'), ...account });
  const { stream: opened } = await openTestS3({ S3_ENDPOINT: other.url }).open(ref);
  await once(opened, 'readable');
  await other.stop();
  expect(await away(opened.resume().toArray())).toBe(true);
});

test('of a stream that the reader gives up nobody is told', async () => {
  const ref = newRef();
  await objects.write(ref, stream(8 * mebibyte));
  const told = troubles.length;
  const { stream: opened } = await objects.open(ref);
  opened.destroy();
  await once(opened, 'close');
  expect(await objects.exists(ref)).toBe(true);
  expect(troubles.length).toBe(told);
});

test('a service starts before its storage, and its first write makes the buckets', async () => {
  const before = await startS3({ folder: path.join(folder, 'late'), ...account });
  await before.stop();
  const late = openTestS3({ S3_ENDPOINT: before.url });
  await late.prepare();
  expect(await late.state()).toBe('degraded');
  const after = await startS3({
    folder: path.join(folder, 'late'),
    port: Number(new URL(before.url).port),
    ...account,
  });
  const ref = newRef();
  expect(await late.write(ref, Buffer.from('x'))).toBe(true);
  expect(await late.state()).toBe('ready');
  await rm(path.join(folder, 'late', 'kilas-first'), { recursive: true });
  expect(await away(late.write(ref, Buffer.from('x')))).toBe(true);
  expect(await late.write(ref, Buffer.from('x'))).toBe(true);
  await after.stop();
});

test('readiness makes the buckets too, and two replicas that make them at once are none in the way of the other', async () => {
  const server = await startS3({ folder: path.join(folder, 'two'), ...account });
  const looks: (() => void)[] = [];
  server.interfere(async ({ method }) => {
    if (method !== 'HEAD' || looks.length > 1) return undefined;
    // Both find the first bucket missing before either makes it.
    await new Promise<void>((resolve) => {
      looks.push(resolve);
      if (looks.length === 2) for (const look of looks) look();
    });
    return undefined;
  });
  const states = [1, 2].map(() => openTestS3({ S3_ENDPOINT: server.url }).state());
  expect(await Promise.all(states)).toEqual(['ready', 'ready']);
  await server.stop();
});

test('an account that may make no buckets is content with those that are there', async () => {
  const server = await startS3({ folder: path.join(folder, 'narrow'), ...account });
  const isBucket = ({ method, url }: { method: string; url: string }) => method === 'PUT' && url.split('/').length < 4;
  const forbidden: Interference = (request) =>
    isBucket(request) ? { code: 'AccessDenied', message: 'Access Denied' } : undefined;
  server.interfere(forbidden);
  const narrow = openTestS3({ S3_ENDPOINT: server.url });
  await narrow.prepare();
  expect(await narrow.state()).toBe('degraded');
  server.interfere(undefined);
  await openTestS3({ S3_ENDPOINT: server.url }).prepare();
  server.interfere(forbidden);
  expect(await narrow.state()).toBe('ready');
  expect(await narrow.write(newRef(), Buffer.from('x'))).toBe(true);
  await server.stop();
});

test('uploads in parts that were left an hour ago are swept, those of now are not', async () => {
  const hanging: Interference = ({ url }) => (url.includes('partNumber=2') ? 'hang' : undefined);
  const server = await startS3({ folder: path.join(folder, 'sweep'), ...account });
  server.interfere(hanging);
  const sweeping = openTestS3({ S3_ENDPOINT: server.url });
  const writes = [newRef(), newRef()].map((ref) => away(sweeping.write(ref, stream(12 * mebibyte))));
  const parts = path.join(folder, 'sweep', 'kilas-first', '._S3rver_uploads');
  const uploads = await waitFor(
    async () => {
      const ids = await readdir(parts).catch(() => []);
      const isHalf = await Promise.all(ids.map((id) => readFile(path.join(parts, id, '1')).catch(() => undefined)));
      return isHalf.filter((part) => part !== undefined).length === 2 && ids;
    },
    { what: 'two uploads half written' },
  );
  await utimes(path.join(parts, uploads[0] ?? '', 'key'), 0, 0);
  await sweeping.sweep();
  expect(await readdir(parts)).toEqual(uploads.slice(1));
  await server.stop();
  expect(await Promise.all(writes)).toEqual([true, true]);
}, 120_000);

test('a storage that does not know the condition is written to without it, and a taken key stays as it is', async () => {
  s3.interfere(({ headers }) =>
    headers['if-none-match'] === undefined ? undefined : { code: 'NotImplemented', message: 'a header' },
  );
  const simple = openTestS3({ S3_ENDPOINT: s3.url });
  const ref = newRef();
  expect(await away(simple.write(ref, Buffer.from('one')))).toBe(true);
  expect(await simple.write(ref, Buffer.from('one'))).toBe(true);
  expect(await simple.write(ref, Buffer.from('two'))).toBe(false);
  expect((await simple.read(ref)).toString()).toBe('one');
});

test('a wrong secret opens nothing, and is no missing object', async () => {
  const ref = newRef();
  await objects.write(ref, Buffer.from('x'));
  const wrong = openTestS3({ S3_ENDPOINT: s3.url, S3_SECRET_ACCESS_KEY: 'another' });
  expect(await away(wrong.read(ref))).toBe(true);
  expect(await away(wrong.exists(newRef()))).toBe(true);
  expect(await wrong.state()).toBe('degraded');
});

test('what the log is told holds no key', async () => {
  const told: Error[] = [];
  const wrong = openTestS3({ S3_ENDPOINT: s3.url, S3_SECRET_ACCESS_KEY: 'another' }, told);
  const ref = newRef();
  await wrong.read(ref).catch(() => undefined);
  expect(told.map(({ message }) => message)).toEqual(['object storage, GetObject: SignatureDoesNotMatch (403)']);
  await expect(objects.read(ref)).rejects.toBeInstanceOf(ObjectMissing);
});
