import { startOwnPostgres } from '@kilas/testkit/own-postgres.ts';
import { createTestDatabase, createTestVectorDatabase } from '@kilas/testkit/test-database.ts';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { openDatabase } from './database.ts';
import { grantRights } from './database-rights.ts';
import { Vacuum } from './vacuum.ts';

const ends: (() => Promise<void>)[] = [];

afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

async function openTable(url: string) {
  const db = openDatabase<object>({ url, poolSizeMax: 3, onTrouble: () => {} });
  ends.push(() => db.destroy());
  await sql`create table secrets (id integer primary key, word text)`.execute(db);
  await sql`insert into secrets select n, 'word' from generate_series(1, 100) n`.execute(db);
  return db;
}

async function openPostgres() {
  const { url, drop } = await createTestDatabase();
  ends.push(drop);
  return { url, db: await openTable(url), vacuum: new Vacuum({ url, tables: ['secrets'] }) };
}

test.each([
  ['PostgreSQL', createTestDatabase],
  ['PGlite', createTestVectorDatabase],
])('on %s a deleted row leaves the table and its index', async (_name, create) => {
  const { url, drop } = await create();
  ends.push(drop);
  const db = await openTable(url);
  const sizes = async () => {
    const { rows } = await sql<{ tuples: number }>`
      select reltuples::int as tuples from pg_class where relname in ('secrets', 'secrets_pkey')`.execute(db);
    return rows.map(({ tuples }) => tuples);
  };
  await sql`delete from secrets where id = 7`.execute(db);
  expect(await new Vacuum({ url, tables: ['secrets'] }).run()).toBe(true);
  // What VACUUM itself counted in the heap and, since its index was not passed by, there.
  expect(await sizes()).toEqual([99, 99]);
});

test('what an older snapshot may still read is not gone, and is once it has ended', async () => {
  const { url, db, vacuum } = await openPostgres();
  const backup = new pg.Client({ connectionString: url });
  await backup.connect();
  try {
    await backup.query('begin isolation level repeatable read');
    await backup.query('select count(*) from secrets');
    await sql`delete from secrets where id < 10`.execute(db);
    expect(await vacuum.run()).toBe(false);
    await backup.query('commit');
    expect(await vacuum.run()).toBe(true);
  } finally {
    await backup.end();
  }
});

test('who asks while it runs waits for a run that began later', async () => {
  const { url, db, vacuum } = await openPostgres();
  const reader = new pg.Client({ connectionString: url });
  await reader.connect();
  try {
    // Holds the first run up before its first row.
    await reader.query('begin');
    await reader.query('lock table secrets in share update exclusive mode');
    const first = vacuum.run();
    expect(await vacuum.runFor(100)).toBe(false);
    await sql`delete from secrets where id = 50`.execute(db);
    // Or it would be counted late, and looked at once more.
    await sql`select pg_stat_force_next_flush()`.execute(db);
    const [second, third] = [vacuum.run(), vacuum.run()];
    await reader.query('commit');
    expect(await Promise.all([first, second, third])).toEqual([true, true, true]);
    const { rows } = await sql<{ runs: bigint }>`
      select vacuum_count as runs from pg_stat_user_tables where relname = 'secrets'`.execute(db);
    expect(rows).toEqual([{ runs: 2n }]);
  } finally {
    await reader.end();
  }
});

test('a role may VACUUM the tables that it is given for that, and is told where it may not', async () => {
  const server = await startOwnPostgres();
  ends.push(() => server.stop());
  const admin = openDatabase<object>({ url: server.adminUrl('postgres'), poolSizeMax: 1, onTrouble: () => {} });
  try {
    await sql`create role running login password 'r'`.execute(admin);
    await sql`create table given (n integer)`.execute(admin);
    await sql`create table kept (n integer)`.execute(admin);
    await grantRights(admin, { schema: 'public', role: 'running', use: { vacuumed: ['given'] } });
    const url = new URL(server.adminUrl('postgres'));
    [url.username, url.password] = ['running', 'r'];
    expect(await new Vacuum({ url: url.href, tables: ['given'] }).run()).toBe(true);
    await expect(new Vacuum({ url: url.href, tables: ['kept'] }).run()).rejects.toThrow('may not VACUUM kept');
  } finally {
    await admin.destroy();
  }
});
