import { createTestDatabase } from '@kilas/testkit/test-database.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { type Kysely, sql } from 'kysely';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { openDatabase, poolUseOf } from '../db/database.ts';
import { Reading, scrape } from './metrics.ts';

const sizeMax = 2;
const database = await createTestDatabase();
// Known before the pool's reading, so that a scrape comes to it first.
const asked = new Reading('test_asked', 'Read from the database');
const { observePool } = await import('./observe-pool.ts');
afterAll(() => database.drop());

function open(service: string): Kysely<unknown> {
  const db = openDatabase<unknown>({ url: database.url, poolSizeMax: sizeMax, onTrouble: () => {} });
  const end = observePool(service, sizeMax, () => poolUseOf(db));
  onTestFinished(async () => {
    end();
    await db.destroy();
  });
  return db;
}

async function usesOf(service: string): Promise<Record<string, number>> {
  const shown = (await scrape()).matchAll(
    new RegExp(`kilas_database_pool_connections\\{state="(\\w+)",service="${service}"\\} (\\d+)`, 'g'),
  );
  return Object.fromEntries([...shown].map(([, state = '', value]) => [state, Number(value)]));
}

test('a scrape that asks the database more than the pool holds sees itself neither waiting nor served', async () => {
  const db = open('idle');
  await sql`select 1`.execute(db);
  for (let n = 0; n < sizeMax + 3; n++) {
    const end = asked.from(`asker-${n}`, async () => {
      await sql`select pg_sleep(0.01)`.execute(db);
      return [];
    });
    onTestFinished(end);
  }
  expect(await usesOf('idle')).toEqual({ open: 1, idle: 1, waiting: 0 });
  await closeConnections(db);
  expect(await usesOf('idle')).toEqual({ open: 0, idle: 0, waiting: 0 });
  for (let n = 0; n < 5; n++) expect(await usesOf('idle')).toEqual({ open: sizeMax, idle: sizeMax, waiting: 0 });
});

test('requests that get an idle connection, or a new one, do not count as waiting', async () => {
  const db = open('served');
  await sql`select 1`.execute(db);
  const [first, second] = [sql`select 1`.execute(db), sql`select 1`.execute(db)];
  // Kysely asks the pool some turns later; at each of them the state is that of a pool with room.
  const seen: number[] = [];
  for (let turn = 0; turn < 20; turn++) {
    await Promise.resolve();
    seen.push(poolUseOf(db).waiting);
  }
  await Promise.all([first, second]);
  expect(seen).toEqual(seen.map(() => 0));
});

test('requests wait when the pool is full, and are counted', async () => {
  const db = open('full');
  const held = await Promise.all([holdConnection(db), holdConnection(db)]);
  const waiting = [sql`select 1`.execute(db), sql`select 1`.execute(db), sql`select 1`.execute(db)];
  await waitFor(async () => (await usesOf('full')).waiting === 3, { what: 'three requests to wait' });
  expect(await usesOf('full')).toEqual({ open: sizeMax, idle: 0, waiting: 3 });
  for (const release of held) release();
  await Promise.all(waiting);
  await waitFor(async () => (await usesOf('full')).waiting === 0, { what: 'nobody to wait' });
});

/** As the pool does with those that nobody used for ten seconds. */
async function closeConnections(db: Kysely<unknown>): Promise<void> {
  const other = openDatabase<unknown>({ url: database.url, poolSizeMax: 1, onTrouble: () => {} });
  await sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`.execute(other);
  await other.destroy();
  await waitFor(() => poolUseOf(db).open === 0, { what: 'the pool to be empty' });
}

/** Resolves, with what gives it back, when a connection is taken. */
function holdConnection(db: Kysely<unknown>): Promise<() => void> {
  return new Promise((taken, reject) => {
    db.connection()
      .execute(() => new Promise<void>((release) => taken(release)))
      .catch(reject);
  });
}
