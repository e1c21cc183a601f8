import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, expect, test } from 'vitest';
import { FileObjects, newObjectKey } from './file-objects.ts';
import { ObjectMissing } from './objects.ts';

const folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-objects-'));
afterAll(() => rm(folder, { recursive: true, force: true }));
const objects = new FileObjects({ folder, signingKey: 'k'.repeat(32), publicUrl: 'http://kilas.test' });
await objects.prepare();
const now = new Date('2026-05-01T00:00:00Z');
const later = new Date('2026-05-01T00:05:00Z');

const newRef = () => ({ bucket: 'originals', key: newObjectKey() }) as const;

async function linkParts(options = {}) {
  const ref = newRef();
  const url = new URL(await objects.sign(ref, { expiresAt: later, contentType: 'image/jpeg', ...options }));
  return {
    ref,
    url,
    verify: (query = url.searchParams, time = now) => objects.verify(ref.bucket, ref.key, query, time),
  };
}

test('what is written comes back byte for byte', async () => {
  const ref = newRef();
  expect(await objects.write(ref, Readable.from([Buffer.from('ab'), Buffer.from('c')]))).toBe(true);
  expect((await objects.read(ref)).toString()).toBe('abc');
  const { stream, sizeBytes } = await objects.open(ref);
  expect(sizeBytes).toBe(3);
  stream.destroy();
});

test('nothing is overwritten: the first of two writers keeps the key', async () => {
  const ref = newRef();
  const answers = await Promise.all([objects.write(ref, Buffer.from('one')), objects.write(ref, Buffer.from('two'))]);
  expect(answers.filter(Boolean)).toHaveLength(1);
  const kept = (await objects.read(ref)).toString();
  expect(kept).toBe(answers[0] ? 'one' : 'two');
  expect(await objects.write(ref, Buffer.from('three'))).toBe(false);
  expect((await objects.read(ref)).toString()).toBe(kept);
});

test('a write whose source breaks off leaves no object and no half file', async () => {
  const ref = newRef();
  const broken = Readable.from(
    (async function* () {
      yield Buffer.from('half');
      throw new Error('connection lost');
    })(),
  );
  await expect(objects.write(ref, broken)).rejects.toThrow('connection lost');
  expect(await objects.exists(ref)).toBe(false);
  expect(await readdir(path.join(folder, 'incoming'))).toEqual([]);
});

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

test('an object that is not there is said to be missing, and deleting it is no error', async () => {
  const ref = newRef();
  await expect(objects.read(ref)).rejects.toBeInstanceOf(ObjectMissing);
  await expect(objects.open(ref)).rejects.toBeInstanceOf(ObjectMissing);
  await objects.delete(ref);
});

test('a key that is no key of ours never becomes a path', async () => {
  for (const key of ['../../etc/passwd', 'aa/../../x', '', 'aa']) {
    await expect(objects.read({ bucket: 'originals', key })).rejects.toThrow('not an object key');
  }
});

test('a link holds until it expires', async () => {
  const { ref, verify, url } = await linkParts({ downloadName: 'a b&c.jpg' });
  expect(verify()).toEqual({ ...ref, contentType: 'image/jpeg', downloadName: 'a b&c.jpg' });
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
  expect(objects.verify('selfies', ref.key, url.searchParams, now)).toBeUndefined();
  expect(objects.verify(ref.bucket, newObjectKey(), url.searchParams, now)).toBeUndefined();
  const other = new FileObjects({ folder, signingKey: 'other'.repeat(8), publicUrl: 'http://kilas.test' });
  expect(other.verify(ref.bucket, ref.key, url.searchParams, now)).toBeUndefined();
});
