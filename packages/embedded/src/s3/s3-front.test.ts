import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import {
  CreateBucketCommand,
  HeadBucketCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { expect, onTestFinished, test } from 'vitest';
import { S3Front } from './s3-front.ts';

const account = { accessKeyId: 'kilas-test', secretAccessKey: 'a secret that only this test knows' };

test('a client that died while its write waited for its turn keeps no other write waiting', async () => {
  const death = new AbortController();
  const isGone = Promise.withResolvers<void>();
  const { client } = await serve((url, response) => {
    if (url.startsWith('/photos/slow')) endAfter(response, isGone.promise);
    if (!url.startsWith('/photos/dying')) return;
    response.once('close', () => isGone.resolve());
    response.req.once('end', () => death.abort());
  });
  await client.send(new CreateBucketCommand({ Bucket: 'photos' }));
  const put = (key: string, options = {}) =>
    client.send(new PutObjectCommand({ Bucket: 'photos', Key: key, Body: Buffer.from('bytes') }), options);
  const slow = put('slow');
  await expect(put('dying', { abortSignal: death.signal })).rejects.toThrow();
  await slow;
  await expect(put('next')).resolves.toBeDefined();
});

test('whether a bucket is there is answered without a look into it', async () => {
  const { client, folder } = await serve();
  await client.send(new CreateBucketCommand({ Bucket: 'photos' }));
  await writeFile(path.join(folder, 'photos', 'a._S3rver_object'), 'bytes');
  await writeFile(path.join(folder, 'photos', 'a._S3rver_metadata.json'), 'what nobody can read');
  await expect(client.send(new ListObjectsV2Command({ Bucket: 'photos' }))).rejects.toThrow();
  await expect(client.send(new HeadBucketCommand({ Bucket: 'photos' }))).resolves.toBeDefined();
  await expect(client.send(new HeadBucketCommand({ Bucket: 'others' }))).rejects.toMatchObject({ name: 'NotFound' });
});

/** A client of a server that lets `watch` see each request before it is answered. */
async function serve(
  watch: (url: string, response: ServerResponse) => void = () => {},
): Promise<{ client: S3Client; folder: string }> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-s3-'));
  const front = new S3Front({ folder, ...account });
  const server = createServer((request, response) => {
    watch(request.url ?? '', response);
    void front.handle(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const client = new S3Client({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: account,
  });
  onTestFinished(async () => {
    client.destroy();
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true, force: true });
  });
  return { client, folder };
}

/** Keeps the turn of this request until then. */
function endAfter(response: ServerResponse, time: Promise<void>): void {
  const end = response.end.bind(response);
  Object.assign(response, { end: (content: unknown) => void time.then(() => end(content)) });
}
