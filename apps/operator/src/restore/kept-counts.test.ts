import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { migrationsOf } from '@kilas/installation/service-files.ts';
import { asOwner } from '@kilas/platform/db/database-rights.ts';
import { migrate } from '@kilas/platform/db/migrate.ts';
import { startOwnPostgres } from '@kilas/testkit/own-postgres.ts';
import { query } from '@kilas/testkit/query.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dumpDatabase } from '../backup/dump-database.ts';
import { loadDatabase } from './load-database.ts';

const server = await startOwnPostgres();
const folder = await mkdtemp(path.join(tmpdir(), 'kilas-kept-counts-'));

beforeAll(async () => {
  await server.createDatabase('lived');
  await server.createDatabase('restored');
  await asOwner(server.url('lived'), (db) => migrate(db, migrationsOf('photo')));
  await query(
    server.url('lived'),
    `insert into photos (photo_id, creator_id, title, description, price_idr, sale, sha256, size_bytes, format, original_key,
        status, preview_key, captured_at, uploaded_at)
      select gen_random_uuid(), '00000000-0000-7000-8000-000000000001', '', '', 1, 'shared', 'a', 1, 'jpeg', 'k',
        case when n % 3 = 0 then 'raw' else 'on_sale' end, 'p', now(), now()
      from generate_series(1, 1200) n;
     insert into bought_photos (buyer_id, photo_id)
      select gen_random_uuid(), photo_id from photos, generate_series(1, 2) where status = 'on_sale';
     insert into galleries (gallery_id, creator_id, face_count)
      select '00000000-0000-7000-8000-000000000002', gen_random_uuid(), n from generate_series(1, 20) n`,
  );
});

afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

test('counts that triggers keep are restored as they were, and not added to those of the restored rows', async () => {
  const common = { folder, name: 'photo', stop: new AbortController().signal, onProgress: () => {} } as const;
  await mkdir(path.join(folder, 'photo'));
  const manifest = await dumpDatabase({ ...common, url: server.url('lived'), onLeftOut: () => {} });
  await loadDatabase({ ...common, url: server.url('restored'), manifest, onLeftOut: () => {} });
  const counts = async (database: string) => ({
    states: await query(server.url(database), 'select state, photo_count::int from photos_by_state order by state'),
    sold: await query(server.url(database), 'select sum(sold_count)::int as sum from photos'),
    faces: await query(server.url(database), 'select face_count::int from gallery_totals'),
  });
  const before = await counts('lived');
  expect(before.states).toEqual([
    { state: 'on_sale', photo_count: 800 },
    { state: 'raw', photo_count: 400 },
    { state: 'sold', photo_count: 800 },
  ]);
  expect([before.sold, before.faces]).toEqual([[{ sum: 1_600 }], [{ face_count: 210 }]]);
  expect(await counts('restored')).toEqual(before);
});
