import { openDatabase } from '@kilas/platform/db/database.ts';
import { migrate } from '@kilas/platform/db/migrate.ts';
import { createTestDatabase } from '@kilas/testkit/test-database.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PhotoSchema } from '../db/schema.ts';
import { findPhoto, markOnSale } from '../photos/photo-store.ts';
import { openHoldings } from './open-holdings.ts';

const database = await createTestDatabase();
const db = openDatabase<PhotoSchema>({ url: database.url, poolSizeMax: 1, onTrouble: () => {} });
const { mends, close } = await openHoldings({ databaseUrl: database.url, before: new Date() });

beforeAll(() => migrate(db, new URL('../db/migrations/', import.meta.url)));

afterAll(async () => {
  await close();
  await db.destroy();
  await database.drop();
});

const upload = {
  id: '00000000-0000-7000-8000-000000000001',
  creatorId: '00000000-0000-7000-8000-000000000002',
  eventId: null,
  title: 'Finish',
  description: '',
  priceIdr: 5_000n,
  sale: 'shared',
  latitude: -6.2,
  longitude: 106.8,
  sha256: 'a'.repeat(64),
  sizeBytes: 1_000n,
  format: 'jpeg',
  originalKey: 'b'.repeat(40),
  timeZone: 'Asia/Jakarta',
  createdAt: new Date('2026-05-01T00:00:00Z'),
} as const;

test('a photo that upload knows comes back into the catalogue as it was sent', async () => {
  await mends.rebuildPhotos([upload]);
  expect(await findPhoto(db, upload.id)).toMatchObject({
    status: 'raw',
    title: 'Finish',
    latitude: -6.2,
    uploaded_at: upload.createdAt,
    creator_time_zone: 'Asia/Jakarta',
  });
});

test('a photo of an event that is gone does not', async () => {
  const [id, eventId] = ['00000000-0000-7000-8000-000000000003', '00000000-0000-7000-8000-000000000004'];
  await mends.rebuildPhotos([{ ...upload, id, eventId }]);
  expect(await findPhoto(db, id)).toBeUndefined();
});

test('a photo whose original is lost is not for sale any more, also where it was', async () => {
  const [previewKey, thumbnailKey] = ['c'.repeat(40), 'd'.repeat(40)];
  const small = { previewSmallKey: null, thumbnailSmallKey: null, thumbhash: null };
  const made = { previewKey, thumbnailKey, ...small, width: 1, height: 1, camera: null };
  const captured = { capturedLocal: null, capturedOffset: null, capturedField: null };
  await markOnSale(db, upload.id, { ...made, ...captured }, new Date());
  await mends.failPhotos([{ id: upload.id, reason: 'ORIGINAL_MISSING' }]);
  expect(await findPhoto(db, upload.id)).toMatchObject({ status: 'failed', failure_reason: 'ORIGINAL_MISSING' });
});
