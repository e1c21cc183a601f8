import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { startS3 } from '@kilas/embedded/s3/start-s3.ts';
import { afterAll, describe, expect, test } from 'vitest';
import { openTestS3 } from '../testing/open-test-s3.ts';
import { FileObjects, newObjectKey } from './file-objects.ts';
import { type ObjectLister, ObjectMissing, type ObjectStore } from './objects.ts';

const mebibyte = 1024 * 1024;
const folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-objects-'));
const s3 = await startS3({ folder: path.join(folder, 's3'), accessKeyId: 'kilas', secretAccessKey: 'not a secret' });
afterAll(async () => {
  await s3.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Kind {
  readonly name: string;
  readonly objects: ObjectStore & ObjectLister;
  /** What lies half written. */
  listDrafts(): Promise<string[]>;
}

const files: Kind = {
  name: 'files',
  objects: new FileObjects({
    buckets: ['first', 'second', 'third'],
    folder: path.join(folder, 'files'),
    signingKey: 'k'.repeat(32),
    publicUrl: 'http://kilas.test',
  }),
  listDrafts: () => readdir(path.join(folder, 'files', 'incoming')),
};
const buckets: Kind = {
  name: 'S3',
  objects: openTestS3({ S3_ENDPOINT: s3.url }),
  listDrafts: () => readdir(path.join(folder, 's3', 'kilas-first', '._S3rver_uploads')).catch(() => []),
};

const newRef = (bucket = 'first') => ({ bucket, key: newObjectKey() });

/** So many bytes of which each mebibyte is another. */
function* pattern(sizeBytes: number): Generator<Buffer> {
  for (let at = 0; at < sizeBytes; at += 65_536) {
    yield Buffer.alloc(Math.min(65_536, sizeBytes - at), at / mebibyte);
  }
}

async function* broken(sizeBytes: number): AsyncGenerator<Buffer> {
  yield* pattern(sizeBytes);
  throw new Error('the sender went away');
}

function sha256(chunks: Iterable<Buffer>): string {
  const hash = createHash('sha256');
  for (const chunk of chunks) hash.update(chunk);
  return hash.digest('hex');
}

describe.each([files, buckets])('objects in $name', ({ objects, listDrafts }) => {
  test('what is missing is made, any number of times at once', async () => {
    await Promise.all([objects.prepare(), objects.prepare(), objects.prepare()]);
    expect(await objects.state()).toBe('ready');
  });

  test.each([
    ['a buffer', () => Buffer.from('abc')],
    ['a stream', () => Readable.from([Buffer.from('ab'), Buffer.from('c')])],
  ])('what is written comes back byte for byte: %s', async (_what, body) => {
    const ref = newRef();
    expect(await objects.write(ref, body())).toBe(true);
    expect((await objects.read(ref)).toString()).toBe('abc');
    expect(await objects.sizeOf(ref)).toBe(3);
    expect(await objects.exists(ref)).toBe(true);
    const { stream, sizeBytes } = await objects.open(ref);
    expect(sizeBytes).toBe(3);
    expect((await buffer(stream)).toString()).toBe('abc');
  });

  test.each([
    ['a buffer', () => Buffer.alloc(0)],
    ['a stream', () => Readable.from([], { objectMode: false })],
  ])('an object may be empty: %s', async (_what, body) => {
    const ref = newRef();
    expect(await objects.write(ref, body())).toBe(true);
    expect(await objects.sizeOf(ref)).toBe(0);
    expect((await objects.read(ref)).length).toBe(0);
  });

  test('a large stream comes back as it went', async () => {
    const ref = newRef();
    const sizeBytes = 17 * mebibyte + 5;
    expect(await objects.write(ref, Readable.from(pattern(sizeBytes), { objectMode: false }))).toBe(true);
    const opened = await objects.open(ref);
    expect(opened.sizeBytes).toBe(sizeBytes);
    expect(sha256([await buffer(opened.stream)])).toBe(sha256(pattern(sizeBytes)));
    expect(await listDrafts()).toEqual([]);
  });

  test('a file becomes an object, which stays when the file goes, and overwrites none', async () => {
    const [ref, file] = [newRef(), path.join(folder, `${randomUUID()}.jpg`)];
    await writeFile(file, Buffer.concat([...pattern(3 * mebibyte)]));
    expect(await objects.writeFile(ref, file)).toBe(true);
    await rm(file);
    expect(sha256([await objects.read(ref)])).toBe(sha256(pattern(3 * mebibyte)));
    await writeFile(file, 'another');
    expect(await objects.writeFile(ref, file)).toBe(false);
    expect(await objects.sizeOf(ref)).toBe(3 * mebibyte);
    expect(await listDrafts()).toEqual([]);
    await expect(objects.writeFile(newRef(), path.join(folder, 'nothing'))).rejects.toThrow('ENOENT');
  });

  test('a part of an object is had alone', async () => {
    const ref = newRef();
    await objects.write(ref, Buffer.from('0123456789'));
    const part = async (start: number, end: number) => {
      const { stream, sizeBytes } = await objects.open(ref, { start, end });
      expect(sizeBytes).toBe(10);
      return (await buffer(stream)).toString();
    };
    expect(await part(0, 0)).toBe('0');
    expect(await part(3, 5)).toBe('345');
    expect(await part(8, 99)).toBe('89');
    expect(await part(10, 12)).toBe('');
  });

  test.each([
    ['buffers', (text: string) => Buffer.from(text)],
    ['streams', (text: string) => Readable.from([Buffer.from(text)])],
    ['large streams', (text: string) => Readable.from([Buffer.alloc(6 * mebibyte, text)], { objectMode: false })],
  ])('nothing is overwritten: of two that write at once the first keeps the key, %s', async (_what, body) => {
    const ref = newRef();
    const answers = await Promise.all(['one', 'two'].map((text) => objects.write(ref, body(text))));
    expect(answers.filter(Boolean)).toHaveLength(1);
    const kept = await objects.read(ref);
    const winner = body(answers[0] === true ? 'one' : 'two');
    expect(sha256([kept])).toBe(sha256([Buffer.isBuffer(winner) ? winner : await buffer(winner)]));
    expect(await objects.write(ref, body('three'))).toBe(false);
    expect(sha256([await objects.read(ref)])).toBe(sha256([kept]));
    expect(await listDrafts()).toEqual([]);
  });

  test('the same key in two buckets is two objects', async () => {
    const ref = newRef('third');
    await objects.write(ref, Buffer.from('a face'));
    expect(await objects.exists({ ...ref, bucket: 'second' })).toBe(false);
    expect(await objects.write({ ...ref, bucket: 'second' }, Buffer.from('a view'))).toBe(true);
    await objects.delete({ ...ref, bucket: 'second' });
    expect((await objects.read(ref)).toString()).toBe('a face');
  });

  test.each([
    ['early', 1024],
    ['late', 12 * mebibyte],
  ])('a stream that breaks off %s leaves no object and nothing half written', async (_when, sizeBytes) => {
    const ref = newRef();
    const write = objects.write(ref, Readable.from(broken(sizeBytes), { objectMode: false }));
    await expect(write).rejects.toThrow('the sender went away');
    expect(await objects.exists(ref)).toBe(false);
    expect(await listDrafts()).toEqual([]);
    expect(await objects.write(ref, Buffer.from('whole'))).toBe(true);
  });

  test('a stream that is not wanted is not left open', async () => {
    const ref = newRef();
    await objects.write(ref, Buffer.from('first'));
    const stream = Readable.from([Buffer.from('second')]);
    expect(await objects.write(ref, stream)).toBe(false);
    expect(stream.destroyed).toBe(true);
  });

  test('more streams than are written at once are all written', async () => {
    const refs = Array.from({ length: 40 }, () => newRef());
    await Promise.all(refs.map((ref) => objects.write(ref, Readable.from([Buffer.from(ref.key)]))));
    for (const ref of refs) expect((await objects.read(ref)).toString()).toBe(ref.key);
  });

  test('an object that is not there is said to be missing, and deleting it is no error', async () => {
    const ref = newRef();
    await expect(objects.read(ref)).rejects.toBeInstanceOf(ObjectMissing);
    await expect(objects.open(ref)).rejects.toBeInstanceOf(ObjectMissing);
    await expect(objects.open(ref, { start: 0, end: 1 })).rejects.toBeInstanceOf(ObjectMissing);
    await expect(objects.sizeOf(ref)).rejects.toBeInstanceOf(ObjectMissing);
    expect(await objects.exists(ref)).toBe(false);
    await objects.delete(ref);
  });

  test('what was deleted is gone, and its key is free', async () => {
    const ref = newRef();
    await objects.write(ref, Buffer.from('first'));
    await objects.delete(ref);
    await expect(objects.read(ref)).rejects.toBeInstanceOf(ObjectMissing);
    expect(await objects.write(ref, Buffer.from('second'))).toBe(true);
  });

  test('a key that is no key of ours never becomes a path', async () => {
    for (const key of [
      '../../etc/passwd',
      'aa/../../x',
      '',
      'aa',
      `${newObjectKey()}/x`,
      newObjectKey().toUpperCase(),
    ]) {
      const ref = { bucket: 'first', key } as const;
      await expect(objects.read(ref)).rejects.toThrow('not an object key');
      await expect(objects.exists(ref)).rejects.toThrow('not an object key');
      await expect(objects.write(ref, Buffer.from('x'))).rejects.toThrow('not an object key');
      await expect(objects.delete(ref)).rejects.toThrow('not an object key');
    }
  });

  test('all objects of a bucket are listed, in order', async () => {
    const before = await Array.fromAsync(objects.list('third'));
    const refs = Array.from({ length: 3 }, () => newRef('third'));
    for (const ref of refs) await objects.write(ref, Buffer.from('face'));
    const listed = await Array.fromAsync(objects.list('third'));
    const keys = [...before, ...refs].map(({ key }) => key);
    expect(listed.map(({ key }) => key)).toEqual(keys.sort());
    expect(listed.every(({ sizeBytes, modifiedAt }) => sizeBytes >= 4 && modifiedAt.getTime() > 0)).toBe(true);
  });
});
