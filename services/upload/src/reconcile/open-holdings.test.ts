import { openDatabase } from '@kilas/platform/db/database.ts';
import { migrate } from '@kilas/platform/db/migrate.ts';
import { Jobs } from '@kilas/platform/jobs/jobs.ts';
import { newObjectKey } from '@kilas/platform/objects/file-objects.ts';
import { keyPattern } from '@kilas/platform/objects/objects.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import { openLog } from '@kilas/platform/process/log.ts';
import { createTestDatabase } from '@kilas/testkit/test-database.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { UploadSchema } from '../db/schema.ts';
import { insertPart } from '../resumable/part-store.ts';
import { insertReceiving } from '../resumable/resumable-store.ts';
import { derivePhotoJob } from '../uploads/jobs.ts';
import { deriveTriesMax } from '../uploads/upload.ts';
import { findUpload } from '../uploads/upload-store.ts';
import { type NamedKey, openHoldings } from './open-holdings.ts';

const database = await createTestDatabase();
const db = openDatabase<UploadSchema>({ url: database.url, poolSizeMax: 1, onTrouble: () => {} });
let holdings: Awaited<ReturnType<typeof openHoldings>>;

beforeAll(async () => {
  await migrate(db, new URL('../db/migrations/', import.meta.url));
  const jobs = new Jobs({ databaseUrl: database.url, log: openLog('upload', 'silent') });
  await jobs.start([derivePhotoJob]);
  await jobs.stop();
  holdings = await openHoldings({ databaseUrl: database.url, before: new Date(Date.now() + 60_000) });
});

afterAll(async () => {
  await holdings?.close();
  await db.destroy();
  await database.drop();
});

const photo = {
  id: '00000000-0000-7000-8000-000000000001',
  creatorId: '00000000-0000-7000-8000-000000000002',
  eventId: null,
  title: 'Finish',
  description: 'wet',
  priceIdr: 5_000n,
  sale: 'shared',
  latitude: -6.2,
  longitude: 106.8,
  sha256: 'a'.repeat(64),
  sizeBytes: 1_000n,
  format: 'jpeg',
  originalKey: 'b'.repeat(40),
  previewKey: 'c'.repeat(40),
  previewSmallKey: null,
  thumbnailKey: 'd'.repeat(40),
  thumbnailSmallKey: null,
  processedKey: null,
  timeZone: 'Asia/Jakarta',
  uploadedAt: new Date('2026-05-01T00:00:00Z'),
} as const;

test('a photo of the catalogue gets its upload back, with the keys that the catalogue knows, and its images are made', async () => {
  await holdings.mends.rebuildUploads([photo]);
  expect(await findUpload(db, photo.id)).toMatchObject({
    state: 'accepted',
    title: 'Finish',
    price_idr: 5_000n,
    latitude: -6.2,
    original_key: photo.originalKey,
    crc32: null,
    preview_key: photo.previewKey,
    preview_small_key: null,
    thumbnail_key: photo.thumbnailKey,
    thumbnail_small_key: null,
    derive_count_max: deriveTriesMax,
    created_at: photo.uploadedAt,
  });
  expect([...(await holdings.holds.busyPhotos.find([photo.id])).keys()]).toEqual([photo.id]);
});

test('what its creator sent again is not rebuilt beside it', async () => {
  const other = '00000000-0000-7000-8000-000000000003';
  await holdings.mends.rebuildUploads([{ ...photo, id: other }]);
  expect(await findUpload(db, other)).toBeUndefined();
});

test('an original that is lost fails its upload, and images that are lost are made once more', async () => {
  await holdings.mends.failUploads([{ id: photo.id, reason: 'ORIGINAL_MISSING' }]);
  expect(await findUpload(db, photo.id)).toMatchObject({ state: 'failed', failure_reason: 'ORIGINAL_MISSING' });
  await holdings.mends.deriveAgain([{ id: photo.id }]);
  expect(await findUpload(db, photo.id)).toMatchObject({ state: 'accepted', failure_reason: null });
});

test('the parts of files on their way are objects that somebody names, and none that has to be there', async () => {
  const uploadId = newId();
  const now = new Date();
  const upload = { uploadId, creatorId: newId(), sizeBytes: 9, offsetBytes: 0, metadata: '', expiresAt: now };
  await insertReceiving(db, { ...upload, holder: undefined, now });
  await insertPart(db, { objectKey: newObjectKey(), uploadId, startBytes: 0, sizeBytes: 5 });
  const named = await holdings.withNamedKeys('originals', async (keys) => {
    const parts: NamedKey[] = [];
    for await (const key of keys) if (key.kind === 'part') parts.push(key);
    return parts;
  });
  expect(named).toEqual([
    { key: expect.stringMatching(keyPattern), ownerId: null, kind: 'part', isRequired: false, changedAt: now },
  ]);
});
