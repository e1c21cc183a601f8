import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { createTestDatabase } from '@kilas/testkit/test-database.ts';
import { sql } from 'kysely';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { brokenConstraint, migrate, openDatabase } from './db.ts';

const database = await createTestDatabase();
const folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-migrations-'));
const open = () =>
  openDatabase<{ things: { price_idr: bigint } }>({ url: database.url, poolSizeMax: 3, onIdleError: () => {} });
const db = open();
const address = pathToFileURL(`${folder}/`);

afterAll(async () => {
  await db.destroy();
  await database.drop();
  await rm(folder, { recursive: true });
});

test('migrations run once, in order, also when replicas start together', async () => {
  await writeFile(
    path.join(folder, '0001-things.sql'),
    'create table things (price_idr bigint not null constraint things_price_not_negative check (price_idr >= 0));',
  );
  await writeFile(path.join(folder, '0002-first.sql'), 'insert into things values (9007199254740993);');
  const replicas = [open(), open(), open()];
  const applied = await Promise.all(replicas.map((replica) => migrate(replica, address)));
  await Promise.all(replicas.map((replica) => replica.destroy()));
  expect(applied.flat().sort()).toEqual(['0001-things.sql', '0002-first.sql']);
  expect(await migrate(db, address)).toEqual([]);
});

test('a 64-bit amount arrives exact', async () => {
  expect(await db.selectFrom('things').selectAll().execute()).toEqual([{ price_idr: 9007199254740993n }]);
});

test('a migration that fails leaves nothing of itself', async () => {
  await writeFile(path.join(folder, '0003-broken.sql'), 'create table half (id int); select 1 / 0;');
  await expect(migrate(db, address)).rejects.toThrow('division by zero');
  const { rows } = await sql`select to_regclass('half') as half`.execute(db);
  expect(rows).toEqual([{ half: null }]);
  await rm(path.join(folder, '0003-broken.sql'));
});

test('a connection that breaks inside a transaction fails that transaction and nothing else', async () => {
  const endings: string[] = [];
  const note = (error: Error) => void endings.push(error.message);
  process.on('uncaughtExceptionMonitor', note);
  onTestFinished(() => void process.off('uncaughtExceptionMonitor', note));
  const broken = db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx);
    await sql`select pg_terminate_backend(${rows[0]?.pid}, 5000)`.execute(db);
    await sql`select 1`.execute(tx);
  });
  await expect(broken).rejects.toThrow();
  expect((await sql`select 1 as one`.execute(db)).rows).toEqual([{ one: 1 }]);
  expect(endings).toEqual([]);
});

test('the name of a broken constraint is told, other errors have none', async () => {
  const broken: unknown = await sql`insert into things values (-1)`.execute(db).catch((error: unknown) => error);
  expect(brokenConstraint(broken)).toBe('things_price_not_negative');
  const other: unknown = await sql`select 1 / 0`.execute(db).catch((error: unknown) => error);
  expect(brokenConstraint(other)).toBeUndefined();
});
