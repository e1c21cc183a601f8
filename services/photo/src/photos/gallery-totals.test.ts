import { randomUUID } from 'node:crypto';
import { openDatabase } from '@kilas/platform/db/database.ts';
import { transact } from '@kilas/platform/db/transact.ts';
import { afterAll, expect, test } from 'vitest';
import type { PhotoSchema } from '../db/schema.ts';
import { startCatalogue } from '../testing/start-catalogue.ts';
import { addGalleryFaces } from './gallery-store.ts';

const { system } = await startCatalogue();
const db = openDatabase<PhotoSchema>({ url: system.databaseUrls.photo, poolSizeMax: 8, onTrouble: () => {} });
afterAll(async () => {
  await db.destroy();
  await system.close();
});

test('a gallery has as many faces as its photographers together, also when all count at once', async () => {
  const galleryId = randomUUID();
  const creators = Array.from({ length: 4 }, () => randomUUID());
  const counts = creators.flatMap((creatorId) => Array.from({ length: 10 }, () => ({ creatorId, faceCount: 3 })));
  await Promise.all(counts.map((count) => transact(db, (tx) => addGalleryFaces(tx, { galleryId, ...count }))));
  await addGalleryFaces(db, { galleryId, creatorId: creators[0] ?? '', faceCount: -5 });
  const total = await db.selectFrom('gallery_totals').selectAll().where('gallery_id', '=', galleryId).execute();
  expect(total).toEqual([{ gallery_id: galleryId, face_count: 115n }]);
});
