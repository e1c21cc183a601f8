import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { createTestDatabase, createTestVectorDatabase } from '@kilas/testkit/test-database.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { openDatabase } from './database.ts';
import { migrate } from './migrate.ts';

type TestDatabase = Awaited<ReturnType<typeof createTestDatabase>>;

/** A database, a folder of migrations, and what replicas do with both. */
async function prepare(migrations: Record<string, string>, made: Promise<TestDatabase> = createTestDatabase()) {
  const database = await made;
  const folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-migrations-'));
  const open = () => {
    const db = openDatabase<unknown>({ url: database.url, poolSizeMax: 3, lockTimeoutMs: 60_000, onTrouble: () => {} });
    onTestFinished(() => db.destroy());
    return db;
  };
  onTestFinished(async () => {
    await database.drop();
    await rm(folder, { recursive: true });
  });
  const write = async (files: Record<string, string>) => {
    for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
  };
  await write(migrations);
  return { open, write, db: open(), address: pathToFileURL(`${folder}/`) };
}

const things = {
  '0001-things.sql': 'create table things (n int);',
  '0002-first.sql': 'insert into things values (1);',
};

test.each([
  ['PostgreSQL', createTestDatabase],
  // Its sessions share their locks.
  ['PGlite', createTestVectorDatabase],
])('replicas that start together on %s run each migration once, in order', async (_name, create) => {
  const { open, db, address } = await prepare(things, create());
  const applied = await Promise.all([open(), open(), open()].map((replica) => migrate(replica, address)));
  expect(applied.flat().sort()).toEqual(['0001-things.sql', '0002-first.sql']);
  expect((await sql`select n from things`.execute(db)).rows).toEqual([{ n: 1 }]);
  expect(await migrate(db, address)).toEqual([]);
});

test('a migration that fails leaves nothing of itself and keeps those before it', async () => {
  const { db, address } = await prepare({ ...things, '0003-broken.sql': 'create table half (id int); select 1 / 0;' });
  await expect(migrate(db, address)).rejects.toThrow('division by zero');
  const { rows } =
    await sql`select to_regclass('half') as half, (select count(*)::int from migrations) as done`.execute(db);
  expect(rows).toEqual([{ half: null, done: 2 }]);
});

test('an index is made beside the work of others while other replicas wait for their turn', async () => {
  const { open, db, address, write } = await prepare(things);
  await migrate(db, address);
  await write({
    '0003-index.sql': '-- no transaction\ncreate index concurrently if not exists things_n on things (n);\n',
  });
  const countSessions = async (query: string) => {
    const { rows } = await sql`select from pg_stat_activity
      where datname = current_database() and query like ${query} and pid <> pg_backend_pid()`.execute(db);
    return rows.length;
  };
  const { migrating } = await open()
    .transaction()
    .execute(async (tx) => {
      await sql`insert into things values (2)`.execute(tx);
      const first = migrate(open(), address);
      await waitFor(async () => (await countSessions('%create index concurrently%')) === 1, {
        what: 'the index to be begun',
      });
      const second = migrate(open(), address);
      await waitFor(async () => (await countSessions('select pg%advisory_lock%')) > 0, { what: 'the other to wait' });
      return { migrating: Promise.all([first, second]) };
    });
  expect(await migrating).toEqual([['0003-index.sql'], []]);
  expect(await isValid(db, 'things_n')).toEqual([{ valid: true }]);
});

test('an index that was broken off is made anew', async () => {
  const { db, address, write } = await prepare(things);
  await migrate(db, address);
  await sql`insert into things values (1)`.execute(db);
  const unique = 'create unique index concurrently if not exists things_n on things (n);';
  await write({ '0003-index.sql': `-- no transaction\n${unique}\n` });
  await expect(migrate(db, address)).rejects.toThrow('could not create unique index');
  expect(await isValid(db, 'things_n')).toEqual([{ valid: false }]);
  await sql`delete from things`.execute(db);
  expect(await migrate(db, address)).toEqual(['0003-index.sql']);
  expect(await isValid(db, 'things_n')).toEqual([{ valid: true }]);
});

test('a migration waits for a lock in short turns, so that those behind it can go on', async () => {
  const { open, db, address, write } = await prepare(things);
  await migrate(db, address);
  await write({ '0003-more.sql': 'alter table things add column m int;' });
  const waiting = () => sql`select from pg_locks where not granted and mode = 'AccessExclusiveLock'`.execute(db);
  const migrated = await open()
    .transaction()
    .execute(async (tx) => {
      await sql`insert into things values (2)`.execute(tx);
      const migrating = migrate(open(), address);
      await waitFor(async () => (await waiting()).rows.length === 1, { what: 'the migration to wait' });
      await waitFor(async () => (await waiting()).rows.length === 0, { what: 'the migration to give way' });
      return { migrating };
    });
  expect(await migrated.migrating).toEqual(['0003-more.sql']);
});

async function isValid(db: Awaited<ReturnType<typeof prepare>>['db'], index: string) {
  const { rows } = await sql`select indisvalid as valid from pg_index where indexrelid = ${index}::regclass`.execute(
    db,
  );
  return rows;
}
