import { createTestDatabase } from '@kilas/testkit/test-database.ts';
import { sql } from 'kysely';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { brokenConstraint, openDatabase } from './database.ts';

const database = await createTestDatabase();
const open = () =>
  openDatabase<{ things: { price_idr: bigint } }>({ url: database.url, poolSizeMax: 3, onTrouble: () => {} });
const db = open();
await sql`create table things (
  price_idr bigint not null constraint things_price_not_negative check (price_idr >= 0)
)`.execute(db);
await sql`insert into things values (9007199254740993)`.execute(db);

afterAll(async () => {
  await db.destroy();
  await database.drop();
});

test('a 64-bit amount arrives exact', async () => {
  expect(await db.selectFrom('things').selectAll().execute()).toEqual([{ price_idr: 9007199254740993n }]);
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
