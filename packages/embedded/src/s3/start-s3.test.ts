import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type S3Server, startS3 } from './start-s3.ts';

const account = { accessKeyId: 'kilas', secretAccessKey: 'not a secret' };
const folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-s3-front-'));
let s3: S3Server;
let client: S3Client;

beforeAll(async () => {
  s3 = await startS3({ folder, ...account });
  client = connect(account);
  await client.send(new CreateBucketCommand({ Bucket: 'photos' }));
});

afterAll(async () => {
  await s3.stop();
  await rm(folder, { recursive: true, force: true });
});

const connect = (credentials: typeof account) =>
  new S3Client({ endpoint: s3.url, region: 'us-east-1', forcePathStyle: true, credentials });

test('what the SDK sends by itself, with its checksum, is taken and given back', async () => {
  await client.send(new PutObjectCommand({ Bucket: 'photos', Key: 'a/b', Body: 'hello' }));
  const { Body } = await client.send(new GetObjectCommand({ Bucket: 'photos', Key: 'a/b' }));
  expect(await Body?.transformToString()).toBe('hello');
});

test('who signs with another secret, or not at all, gets nothing', async () => {
  await client.send(new PutObjectCommand({ Bucket: 'photos', Key: 'mine', Body: 'x' }));
  const stranger = connect({ ...account, secretAccessKey: 'a guess' });
  const get = new GetObjectCommand({ Bucket: 'photos', Key: 'mine' });
  await expect(stranger.send(get)).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' });
  const anonymous = await fetch(`${s3.url}/photos/mine`);
  expect(anonymous.status).toBe(403);
  expect(await anonymous.text()).toContain('<Code>AccessDenied</Code>');
});

test('an object stays as it is when the writer asks for that', async () => {
  const put = (Body: string) =>
    client.send(new PutObjectCommand({ Bucket: 'photos', Key: 'once', Body, IfNoneMatch: '*' }));
  await put('first');
  await expect(put('second')).rejects.toMatchObject({ name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } });
});

test('a long list comes in pages, each going on where the last ended', async () => {
  await client.send(new CreateBucketCommand({ Bucket: 'many' }));
  const keys = ['a', 'b&c', 'd'];
  for (const Key of keys) await client.send(new PutObjectCommand({ Bucket: 'many', Key, Body: 'x' }));
  const listed: (string | undefined)[] = [];
  let token: string | undefined;
  do {
    const page = new ListObjectsV2Command({ Bucket: 'many', MaxKeys: 1, ContinuationToken: token });
    const { Contents = [], NextContinuationToken } = await client.send(page);
    listed.push(...Contents.map(({ Key }) => Key));
    token = NextContinuationToken;
  } while (token !== undefined);
  expect(listed).toEqual(keys);
  const after = await client.send(new ListObjectsV2Command({ Bucket: 'many', StartAfter: 'b&c' }));
  expect(after.Contents?.map(({ Key }) => Key)).toEqual(['d']);
});

test('it fails as it is told to', async () => {
  const head = () => client.send(new HeadObjectCommand({ Bucket: 'photos', Key: 'none' }));
  s3.answer503(true);
  await expect(head()).rejects.toMatchObject({ $metadata: { httpStatusCode: 503 } });
  s3.answer503(false);
  await expect(head()).rejects.toMatchObject({ $metadata: { httpStatusCode: 404 } });
});
