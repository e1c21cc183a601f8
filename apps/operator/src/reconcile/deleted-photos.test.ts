import { openHoldings as openAi } from '@kilas/ai/reconcile/open-holdings.ts';
import { openHoldings as openPhoto } from '@kilas/photo/reconcile/open-holdings.ts';
import { patient } from '@kilas/platform/jobs/job-kinds.ts';
import { Jobs } from '@kilas/platform/jobs/jobs.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import { openLog } from '@kilas/platform/process/log.ts';
import { openHoldings as openTransaction } from '@kilas/transaction/reconcile/open-holdings.ts';
import { openHoldings as openUpload } from '@kilas/upload/reconcile/open-holdings.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { openEmptyService } from '../testing/open-empty-service.ts';
import { deletionChecks } from './checks/deletions.ts';
import { faceChecks } from './checks/faces.ts';
import { photoChecks } from './checks/photos.ts';
import type { Parties } from './parties.ts';

const [faces, catalogue, books, uploads] = [
  await openEmptyService('ai', openAi),
  await openEmptyService('photo', openPhoto),
  await openEmptyService('transaction', openTransaction),
  await openEmptyService('upload', openUpload),
];
const objects = { exists: async () => false };
const parties = {
  ai: faces.door,
  photo: catalogue.door,
  transaction: books.door,
  upload: uploads.door,
  objects,
} as unknown as Parties;
const creatorId = newId();

/** As upload makes them at its start. */
beforeAll(async () => {
  const jobs = new Jobs({ databaseUrl: uploads.url, log: openLog('upload', 'silent') });
  const names = ['delete-photo-objects', 'recognise-photo'];
  await jobs.start(names.map((name) => ({ name, data: z.unknown(), ...patient, timeoutSeconds: 60 })));
  await jobs.stop();
});

afterAll(async () => {
  for (const service of [faces, catalogue, books, uploads]) await service.close();
});

beforeEach(async () => {
  await sql`truncate photos, deleted_photos cascade`.execute(catalogue.db);
  await sql`truncate uploads`.execute(uploads.db);
  await sql`truncate photo_recognitions, photo_events cascade`.execute(faces.db);
});

/** All checks in their order; names of those that found something, and how much stayed. */
async function reconcile(isMending: boolean): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const check of [...deletionChecks(parties), ...photoChecks(parties), ...faceChecks(parties)]) {
    const result = await check.run({ isMending, isForced: false, isDeletingOriginals: false, isServing: false });
    if (result.dangling > 0) found[result.name] = result.remaining;
  }
  return found;
}

async function inCatalogue(id: string): Promise<void> {
  await sql`insert into photos (photo_id, creator_id, title, description, price_idr, sale, sha256, size_bytes, format, original_key,
      status, preview_key, recognition, captured_at, uploaded_at)
    values (${id}, ${creatorId}, '', '', 0, 'shared', ${id}, 1, 'jpeg', ${id}, 'on_sale', ${id}, 'done', now(), now())`.execute(
    catalogue.db,
  );
}

async function inUpload(id: string): Promise<void> {
  await sql`insert into uploads (photo_id, creator_id, sha256, size_bytes, format, state, title, description, price_idr, sale,
      original_key, compressed_key, preview_key, thumbnail_key, processed_key, derive_count_max, created_at, updated_at)
    values (${id}, ${creatorId}, ${id}, 1, 'jpeg', 'processed', '', '', 0, 'shared',
      ${`o${id}`}, ${`c${id}`}, ${`p${id}`}, ${`t${id}`}, ${`b${id}`}, 12, now(), now())`.execute(uploads.db);
}

async function inAi(id: string): Promise<void> {
  await sql`insert into photo_recognitions (photo_id, creator_id, pack_id, face_count, processed_key, recognised_at)
    values (${id}, ${creatorId}, 'p', 0, 'key', now())`.execute(faces.db);
}

const noteDeleted = (id: string, at = new Date(0)) =>
  sql`insert into deleted_photos (photo_id, creator_id, deleted_at) values (${id}, ${creatorId}, ${at})`.execute(
    catalogue.db,
  );

async function rowsOf(id: string): Promise<number[]> {
  const photos = await catalogue.door.holds.photos.find([id]);
  const sent = await uploads.door.holds.uploads.find([id]);
  const recognised = await faces.door.holds.recognitions.find([id]);
  return [photos.size, sent.size, recognised.size];
}

const deletedKeys = async (id: string): Promise<string[]> =>
  uploads.door.withNamedKeys('originals', async (keys) =>
    (await Array.fromAsync(keys)).filter(({ key }) => key.endsWith(id)).map(({ kind, key }) => `${kind} ${key[0]}`),
  );

test('a deleted photo that is gone everywhere is not reported', async () => {
  const id = newId();
  await noteDeleted(id);
  await faces.door.mends.deletePhotos([{ id }]);
  expect(await reconcile(true)).toEqual({});
});

test('what was left behind of a deleted photo is reported, and goes with its objects', async () => {
  const id = newId();
  await noteDeleted(id);
  await inUpload(id);
  await inAi(id);
  expect(await reconcile(false)).toEqual({ 'deleted photos → uploads': 1, 'deleted photos → faces': 1 });
  expect(await reconcile(true)).toEqual({ 'deleted photos → uploads': 0, 'deleted photos → faces': 0 });
  expect(await rowsOf(id)).toEqual([0, 0, 0]);
  // Until the jobs have run, what lies in storage is not forgotten.
  expect(await deletedKeys(id)).toEqual(['doomed c', 'doomed o']);
  await sql`update jobs.job set state = 'completed'`.execute(uploads.db);
  expect(await deletedKeys(id)).toEqual([]);
  expect(await reconcile(true)).toEqual({});
});

test('a photo that was deleted a moment ago is left to its events', async () => {
  const id = newId();
  await noteDeleted(id, new Date(Date.now() + 120_000));
  await inUpload(id);
  await inAi(id);
  expect(await reconcile(true)).toEqual({});
  expect(await rowsOf(id)).toEqual([0, 1, 1]);
});

test('a photo that only the catalogue brought back, restored, is deleted again', async () => {
  const id = newId();
  await inCatalogue(id);
  await faces.door.mends.deletePhotos([{ id }]);
  expect(await reconcile(true)).toEqual({ 'deleted photos → catalogue': 0 });
  expect(await rowsOf(id)).toEqual([0, 0, 0]);
  expect((await catalogue.door.holds.deleted.find([id])).size).toBe(1);
});

test('one that was ordered by then waits for a person', async () => {
  const [id, orderId] = [newId(), newId()];
  await inCatalogue(id);
  await inUpload(id);
  await faces.door.mends.deletePhotos([{ id }]);
  await sql`insert into orders (order_id, buyer_id, state, total_idr, idempotency_key, request_hash, created_at, expires_at,
      next_check_at, closed_at)
    values (${orderId}, ${newId()}, 'paid', 0, ${orderId}, '', now(), now(), now(), now())`.execute(books.db);
  await sql`insert into order_items (order_id, photo_id, position, creator_id, title, sale, price_idr, commission_idr)
    values (${orderId}, ${id}, 0, ${creatorId}, '', 'shared', 0, 0)`.execute(books.db);
  expect(await reconcile(true)).toMatchObject({ 'deleted photos → catalogue': 1 });
  expect((await rowsOf(id)).slice(0, 2)).toEqual([1, 1]);
});

test('a photo that all brought back is a photo like any other', async () => {
  const id = newId();
  for (const add of [inCatalogue, inUpload, inAi]) await add(id);
  expect(await reconcile(true)).toEqual({});
  expect(await rowsOf(id)).toEqual([1, 1, 1]);
});
