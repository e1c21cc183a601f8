import { newServiceKey } from '@kilas/platform/service-token.ts';
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
};

test('what is not set has the documented default', () => {
  expect(readConfig(needed)).toMatchObject({
    PHOTO_SIZE_MAX_BYTES: 104_857_600,
    PHOTO_PIXELS_MAX: 100_000_000,
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
