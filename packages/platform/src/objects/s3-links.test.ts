import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import https from 'node:https';
import os from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { startS3 } from '@kilas/embedded/s3/start-s3.ts';
import { expect, test } from 'vitest';
import { openTestS3 } from '../testing/open-test-s3.ts';
import { newObjectKey } from './file-objects.ts';

const key = newObjectKey();
const ref = { bucket: 'second', key } as const;

async function link(env: Record<string, string>, expiresAt = new Date(Date.now() + 300_000)): Promise<URL> {
  return new URL(await openTestS3(env).sign(ref, { expiresAt, contentType: 'image/jpeg' }));
}

function endOf(url: URL): number {
  const time = (url.searchParams.get('X-Amz-Date') ?? '').replace(
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/,
    '$1-$2-$3T$4:$5:$6Z',
  );
  return Date.parse(time) + Number(url.searchParams.get('X-Amz-Expires')) * 1000;
}

test.each([
  [{}, `https://s3.us-east-1.amazonaws.com/kilas-second/${key}`],
  [
    { S3_REGION: 'ap-southeast-3', S3_PATH_STYLE: 'false' },
    `https://kilas-second.s3.ap-southeast-3.amazonaws.com/${key}`,
  ],
  [{ S3_ENDPOINT: 'http://10.0.0.7:9000' }, `http://10.0.0.7:9000/kilas-second/${key}`],
  [
    {
      S3_ENDPOINT: 'http://10.0.0.7:9000',
      S3_PUBLIC_ENDPOINT: 'https://media.photos.example/',
      S3_BUCKET_PREFIX: 'x-',
    },
    `https://media.photos.example/x-second/${key}`,
  ],
])('a link names the storage as browsers reach it: %o', async (env, address) => {
  const url = await link(env);
  expect(`${url.origin}${url.pathname}`).toBe(address);
});

test('a link ends at the second that it was to end at', async () => {
  const expiresAt = new Date(Math.floor(Date.now() / 1000) * 1000 + 123_999);
  expect(endOf(await link({}, expiresAt))).toBe(expiresAt.getTime() - 999);
  const past = new Date('2026-01-01T00:00:00Z');
  expect(endOf(await link({}, past))).toBe(past.getTime());
});

test('a link holds nothing that other storages do not know, and none of the secret', async () => {
  const { searchParams, href } = await link({});
  expect([...searchParams.keys()].sort()).toEqual([
    'X-Amz-Algorithm',
    'X-Amz-Content-Sha256',
    'X-Amz-Credential',
    'X-Amz-Date',
    'X-Amz-Expires',
    'X-Amz-Signature',
    'X-Amz-SignedHeaders',
    'response-cache-control',
    'response-content-disposition',
    'response-content-type',
  ]);
  expect(href).not.toContain(encodeURIComponent('not a secret'));
});

test.each([
  ['S3_ENDPOINT', 'ftp://storage.example'],
  ['S3_ENDPOINT', 'https://storage.example/path'],
  ['S3_PUBLIC_ENDPOINT', 'storage.example'],
  ['S3_BUCKET_PREFIX', 'Kilas_'],
  ['S3_PATH_STYLE', 'yes'],
  ['S3_CA_FILE', '/no/such/file'],
])('a configuration of S3 that cannot work is refused: %s=%s', (name, value) => {
  expect(() => openTestS3({ [name]: value })).toThrow(new RegExp(`- ${name}: `));
});

test('every variable that S3 needs and lacks is named at once', () => {
  const env = { S3_ACCESS_KEY_ID: '', S3_SECRET_ACCESS_KEY: '' };
  expect(() => openTestS3(env)).toThrow(/S3_ACCESS_KEY_ID.*S3_SECRET_ACCESS_KEY/s);
});

test('over TLS the storage is believed when the authority of its certificate is trusted', async (context) => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-s3-tls-'));
  const [cert, keyFile] = [path.join(folder, 'cert.pem'), path.join(folder, 'key.pem')];
  const made = promisify(execFile)('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
    ...['-subj', '/CN=kilas', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', keyFile, '-out', cert],
  ]);
  const isMade = await made.then(
    () => true,
    () => false,
  );
  if (!isMade) return context.skip('openssl is not on this machine');
  const tls = { cert: await readFile(cert, 'utf8'), key: await readFile(keyFile, 'utf8') };
  const s3 = await startS3({
    folder: path.join(folder, 's3'),
    accessKeyId: 'kilas',
    secretAccessKey: 'not a secret',
    tls,
  });
  const troubles: Error[] = [];
  expect(await openTestS3({ S3_ENDPOINT: s3.url }, troubles).state()).toBe('degraded');
  expect(troubles[0]?.message).toMatch(/certificate/);
  const objects = openTestS3({ S3_ENDPOINT: s3.url, S3_CA_FILE: cert });
  expect(await objects.write(ref, Buffer.from('over TLS'))).toBe(true);
  const url = await objects.sign(ref, { expiresAt: new Date(Date.now() + 60_000), contentType: 'image/jpeg' });
  const content = await new Promise<Buffer>((resolve, reject) => {
    https.get(url, { ca: tls.cert }, (response) => buffer(response).then(resolve, reject)).on('error', reject);
  });
  expect(content.toString()).toBe('over TLS');
  await s3.stop();
  await rm(folder, { recursive: true });
});
