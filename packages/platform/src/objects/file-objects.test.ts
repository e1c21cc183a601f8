import { mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Code } from '@connectrpc/connect';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { FileObjects, newObjectKey } from './file-objects.ts';

const folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-objects-'));
afterAll(() => rm(folder, { recursive: true, force: true }));
const objects = new FileObjects({
  buckets: ['first', 'third'],
  folder,
  signingKey: 'k'.repeat(32),
  publicUrl: 'http://kilas.test',
});
await objects.prepare();
const now = new Date('2026-05-01T00:00:00Z');
const later = new Date('2026-05-01T00:05:00Z');

const newRef = () => ({ bucket: 'first', key: newObjectKey() }) as const;

async function linkParts(options = {}) {
  const ref = newRef();
  const url = new URL(await objects.sign(ref, { expiresAt: later, contentType: 'image/jpeg', ...options }));
  return {
    ref,
    url,
    verify: (query = url.searchParams, time = now) => objects.verify(ref.bucket, ref.key, query, time),
  };
}

test('half files of a process that died are swept, those of one that writes now are not', async () => {
  const old = path.join(folder, 'incoming', 'old');
  const fresh = path.join(folder, 'incoming', 'fresh');
  await writeFile(old, 'x');
  await writeFile(fresh, 'x');
  await utimes(old, 0, 0);
  await objects.sweep();
  expect(await readdir(path.join(folder, 'incoming'))).toEqual(['fresh']);
  await rm(fresh);
});

test('a file on another disk becomes an object too', async () => {
  const elsewhere = await mkdtemp('/dev/shm/kilas-objects-');
  onTestFinished(() => rm(elsewhere, { recursive: true }));
  const [ref, file] = [newRef(), path.join(elsewhere, 'a')];
  await writeFile(file, 'abc');
  expect((await stat(file)).dev).not.toBe((await stat(folder)).dev);
  expect(await objects.writeFile(ref, file)).toBe(true);
  expect((await objects.read(ref)).toString()).toBe('abc');
});

test('nothing is made where the disk of the objects is not mounted', async () => {
  const unmounted = path.join(folder, 'unmounted');
  const options = { buckets: ['first', 'third'], signingKey: 'k'.repeat(32), publicUrl: 'http://kilas.test' } as const;
  const file = path.join(folder, 'a');
  await writeFile(file, 'abc');
  const writing = new FileObjects({ ...options, folder: unmounted }).writeFile(newRef(), file);
  await expect(writing).rejects.toMatchObject({ code: Code.Unavailable });
  await expect(stat(unmounted)).rejects.toThrow('ENOENT');
  await rm(file);
});

test('a link holds until it expires', async () => {
  const { ref, verify, url } = await linkParts({ downloadName: 'a b&c.jpg' });
  expect(verify()).toEqual({ ...ref, contentType: 'image/jpeg', keptSeconds: 0, downloadName: 'a b&c.jpg' });
  expect(verify(url.searchParams, later)).toBeUndefined();
});

test('a link with any part changed, added or taken away is refused', async () => {
  const { ref, url } = await linkParts({ downloadName: 'a.jpg' });
  const changes: ((query: URLSearchParams) => void)[] = [
    (query) => query.set('expires', '9999999999'),
    (query) => query.set('type', 'text/html'),
    (query) => query.set('name', 'b.jpg'),
    (query) => query.delete('name'),
    (query) => query.append('extra', '1'),
    (query) => query.set('signature', 'A'.repeat(43)),
    (query) => query.delete('signature'),
  ];
  for (const change of changes) {
    const query = new URLSearchParams(url.searchParams);
    change(query);
    expect(objects.verify(ref.bucket, ref.key, query, now), change.toString()).toBeUndefined();
  }
  expect(objects.verify('third', ref.key, url.searchParams, now)).toBeUndefined();
  expect(objects.verify(ref.bucket, newObjectKey(), url.searchParams, now)).toBeUndefined();
  const other = new FileObjects({
    buckets: ['first', 'third'],
    folder,
    signingKey: 'other'.repeat(8),
    publicUrl: 'http://kilas.test',
  });
  expect(other.verify(ref.bucket, ref.key, url.searchParams, now)).toBeUndefined();
  // While the key is exchanged, links of the one before are followed, and none is signed with it.
  const keys = { signingKey: 'other'.repeat(8), previousSigningKey: 'k'.repeat(32) };
  const exchanging = new FileObjects({ buckets: ['first', 'third'], folder, ...keys, publicUrl: 'http://kilas.test' });
  expect(exchanging.verify(ref.bucket, ref.key, url.searchParams, now)).toMatchObject(ref);
  const fresh = new URL(
    await exchanging.sign(ref, { expiresAt: new Date(now.getTime() + 60_000), contentType: 'image/jpeg' }),
  );
  expect(objects.verify(ref.bucket, ref.key, fresh.searchParams, now)).toBeUndefined();
  expect(other.verify(ref.bucket, ref.key, fresh.searchParams, now)).toMatchObject(ref);
});

test('where the disk is not mounted nothing is known of any object: none is called missing, written or deleted', async () => {
  const unmounted = path.join(folder, 'unmounted');
  const away = new FileObjects({
    buckets: ['first', 'third'],
    folder: unmounted,
    signingKey: 'k'.repeat(32),
    publicUrl: 'http://kilas.test',
  });
  const ref = newRef();
  const isAway = { code: Code.Unavailable };
  await expect(away.read(ref)).rejects.toMatchObject(isAway);
  await expect(away.open(ref)).rejects.toMatchObject(isAway);
  await expect(away.exists(ref)).rejects.toMatchObject(isAway);
  await expect(away.delete(ref)).rejects.toMatchObject(isAway);
  await expect(away.write(ref, Buffer.from('x'))).rejects.toMatchObject(isAway);
  await expect(readdir(unmounted)).rejects.toMatchObject({ code: 'ENOENT' });
  expect(await away.state()).toBe('degraded');
});
