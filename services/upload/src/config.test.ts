import os from 'node:os';
import path from 'node:path';
import { newServiceKey } from '@kilas/platform/rpc/service-token.ts';
import { expect, test } from 'vitest';
import { readConfig } from './config.ts';

const needed = {
  HTTP_PORT: '5101',
  RPC_PORT: '5102',
  DATABASE_URL: 'postgres://localhost/upload',
  PUBLIC_URL: 'https://photos.example/',
  SERVICE_PRIVATE_KEY: newServiceKey().privateKeyPem,
  SERVICE_PUBLIC_KEYS: '{}',
  OBJECTS_FOLDER: '/var/lib/kilas/objects',
  OBJECTS_SIGNING_KEY: 'k'.repeat(32),
  ERASURE_JOURNAL_URL: 'folder:/var/lib/kilas/erasures',
};

test('what is not set has the documented default', () => {
  expect(readConfig(needed)).toMatchObject({
    PHOTO_SIZE_MAX_BYTES: 104_857_600,
    PHOTO_PIXELS_MAX: 160_000_000,
    DECODE_MEMORY_MAX_BYTES: 1_600_000_000,
    BATCH_FILES_MAX: 100,
    PRICE_MAX_IDR: 100_000_000,
    SELFIE_SIZE_MAX_BYTES: 15_728_640,
    FACECAM_CHANGES_PER_MONTH_MAX: 10,
    WATERMARK_TEXT: 'KILAS',
  });
});

test('every problem is named at once', () => {
  const broken = { ...needed, OBJECTS_SIGNING_KEY: 'short', WATERMARK_TEXT: '<script>', DERIVE_CONCURRENCY: '0' };
  expect(() => readConfig(broken)).toThrow(/OBJECTS_SIGNING_KEY.*DERIVE_CONCURRENCY.*WATERMARK_TEXT/s);
});

const { OBJECTS_FOLDER: _folder, OBJECTS_SIGNING_KEY: _key, ...withoutFiles } = needed;
const onS3 = { ...withoutFiles, OBJECTS_STORE: 's3', S3_ACCESS_KEY_ID: 'upload', S3_SECRET_ACCESS_KEY: 'secret' };

test('with objects on S3 no folder of objects is needed, and the rest has the documented default', () => {
  expect(readConfig(onS3)).toMatchObject({
    OBJECTS_STORE: 's3',
    S3_REGION: 'us-east-1',
    S3_BUCKET_PREFIX: 'kilas-',
    S3_PATH_STYLE: true,
  });
});

test('what the chosen storage lacks is named with every other problem', () => {
  const lacking = { ...onS3, S3_SECRET_ACCESS_KEY: '', WATERMARK_TEXT: '<script>' };
  expect(() => readConfig(lacking)).toThrow(/S3_SECRET_ACCESS_KEY.*WATERMARK_TEXT/s);
  expect(() => readConfig({ ...withoutFiles, HTTP_PORT: 'x' })).toThrow(
    /OBJECTS_FOLDER.*OBJECTS_SIGNING_KEY.*HTTP_PORT/s,
  );
  expect(() => readConfig({ ...needed, OBJECTS_STORE: 'S3' })).toThrow('OBJECTS_STORE: files or s3');
});

test('files are spooled beside the objects, or in a folder of this replica, or where it is said', () => {
  expect(readConfig(needed).SPOOL_FOLDER).toBe('/var/lib/kilas/objects/spool');
  expect(readConfig(onS3).SPOOL_FOLDER).toBe(path.join(os.tmpdir(), 'kilas-upload-5101'));
  expect(readConfig({ ...onS3, SPOOL_FOLDER: '/spool' }).SPOOL_FOLDER).toBe('/spool');
});
