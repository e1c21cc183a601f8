import { createTestDatabase } from '@kilas/testkit/test-database.ts';
import { watchStatements } from '@kilas/testkit/watch-statements.ts';
import { type Kysely, sql, type Transaction } from 'kysely';
import { afterAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { withRequestContext } from '../process/request-context.ts';
import { openCuttingProxy } from '../testing/cutting-proxy.ts';
import { isReachable, openDatabase } from './database.ts';
import { CommitUnknown, DatabaseAway } from './database-away.ts';
import { afterCommit, together, transact } from './transact.ts';

interface Schema {
  things: { id: number; n: number };
}

const database = await createTestDatabase();
const proxy = await openCuttingProxy(database.url);
const open = (url: string, more: { poolSizeMax?: number; connectTimeoutMs?: number } = {}) =>
  openDatabase<Schema>({ url, poolSizeMax: 4, onTrouble: () => {}, ...more });
const db = open(database.url);
const cutDb = open(proxy.url);
await sql`create table things (id int primary key, n int not null)`.execute(db);

afterAll(async () => {
  await Promise.all([db.destroy(), cutDb.destroy()]);
  proxy.close();
  await database.drop();
});

beforeEach(async () => {
  await db.deleteFrom('things').execute();
  await db
    .insertInto('things')
    .values([
      { id: 1, n: 0 },
      { id: 2, n: 0 },
    ])
    .execute();
});

const listThings = () => db.selectFrom('things').selectAll().orderBy('id').execute();

test('two transactions that lock each other out both come through', async () => {
  const bothHold = Promise.withResolvers<void>();
  let holding = 0;
  const addTo = (first: number, second: number) =>
    transact(db, async (tx) => {
      await sql`update things set n = n + 1 where id = ${first}`.execute(tx);
      holding += 1;
      if (holding === 2) bothHold.resolve();
      await bothHold.promise;
      await sql`update things set n = n + 1 where id = ${second}`.execute(tx);
    });
  await Promise.all([addTo(1, 2), addTo(2, 1)]);
  expect(holding).toBe(3);
  expect(await listThings()).toEqual([
    { id: 1, n: 2 },
    { id: 2, n: 2 },
  ]);
});

test('a transaction that another one outdated runs again', async () => {
  const isolate = sql`set transaction isolation level serializable`;
  let runs = 0;
  await transact(db, async (tx) => {
    runs += 1;
    await isolate.execute(tx);
    const { n } = await tx.selectFrom('things').select('n').where('id', '=', 1).executeTakeFirstOrThrow();
    if (runs === 1) await sql`update things set n = 10 where id = 1`.execute(db);
    await sql`update things set n = ${n + 1} where id = 1`.execute(tx);
  });
  expect(runs).toBe(2);
  expect((await listThings())[0]).toEqual({ id: 1, n: 11 });
});

test.each(['before', 'after'] as const)('a connection that breaks %s a statement costs nothing', async (moment) => {
  proxy.cutAt('n + 1', moment);
  const cuts = proxy.cutCount;
  await transact(cutDb, (tx) => sql`update things set n = n + 1 where id = 1`.execute(tx));
  expect(proxy.cutCount).toBe(cuts + 1);
  expect((await listThings())[0]).toEqual({ id: 1, n: 1 });
});

test.each([
  ['before', 0],
  ['after', 1],
] as const)('a connection that breaks %s the COMMIT is never guessed about', async (moment, n) => {
  proxy.cutAt('commit', moment);
  let runs = 0;
  const unknown = transact(cutDb, async (tx) => {
    runs += 1;
    await sql`update things set n = n + 1 where id = 1`.execute(tx);
  });
  await expect(unknown).rejects.toThrow(CommitUnknown);
  expect(runs).toBe(1);
  expect((await listThings())[0]).toEqual({ id: 1, n });
});

test('what the transaction itself refuses is refused once', async () => {
  let runs = 0;
  const refused = transact(db, async (tx) => {
    runs += 1;
    await sql`update things set n = 5`.execute(tx);
    throw new Error('not today');
  });
  await expect(refused).rejects.toThrow('not today');
  expect(runs).toBe(1);
  expect((await listThings())[0]).toEqual({ id: 1, n: 0 });
});

test('nobody tries again for one who no longer waits', async () => {
  proxy.cutAt('n + 1', 'before');
  let runs = 0;
  const given = withRequestContext({ requestId: 'gone', signal: AbortSignal.abort() }, () =>
    transact(cutDb, async (tx) => {
      runs += 1;
      await sql`update things set n = n + 1`.execute(tx);
    }),
  );
  await expect(given).rejects.toThrow(DatabaseAway);
  expect(runs).toBe(1);
});

test('a SELECT whose connection broke is repeated, a write is not', async () => {
  proxy.cutAt('select', 'after');
  expect(await cutDb.selectFrom('things').select('n').execute()).toHaveLength(2);
  proxy.cutAt('insert', 'after');
  await expect(cutDb.insertInto('things').values({ id: 3, n: 0 }).execute()).rejects.toThrow(DatabaseAway);
  expect(await listThings()).toHaveLength(3);
});

test('a SELECT on a connection that somebody keeps is not repeated on another', async () => {
  const kept = cutDb.connection().execute(async (connection) => {
    await sql`select pg_advisory_lock(1)`.execute(connection);
    proxy.cutAt('select', 'before');
    await connection.selectFrom('things').select('n').execute();
  });
  await expect(kept).rejects.toThrow(DatabaseAway);
});

test('with all connections in use a request is told so instead of waiting without end', async () => {
  const small = open(database.url, { poolSizeMax: 1, connectTimeoutMs: 200 });
  onTestFinished(() => small.destroy());
  await holding(small, async () => {
    await expect(small.selectFrom('things').selectAll().execute()).rejects.toThrow(DatabaseAway);
    // Or every replica would be taken off the moment that all are busy.
    expect(await isReachable(small)).toBe(true);
  });
  expect(await small.selectFrom('things').selectAll().execute()).toHaveLength(2);
});

function holding(held: Kysely<Schema>, run: () => Promise<void>): Promise<void> {
  return held.transaction().execute(async (tx) => {
    await sql`select 1`.execute(tx);
    await run();
  });
}

test('statements that do not wait for each other travel together, in their order, with the beginning of their transaction', async () => {
  const seen = await watchStatements(database.url, 'kilas', () =>
    transact(db, async (tx) => {
      const [first, second] = await together(
        sql<{ n: number }>`select n from things where id = 1`.execute(tx),
        sql`update things set n = 7 where id = 1 returning n`.execute(tx),
        sql`select n from things where id = 1`.execute(tx),
      );
      expect(first.rows).toEqual([{ n: 0 }]);
      expect(second.rows).toEqual([{ n: 7 }]);
    }),
  );
  expect(seen.map(({ text, isWaitedFor }) => [text.split(' ')[0], isWaitedFor])).toEqual([
    ['begin', true],
    ['select', false],
    ['update', true],
    ['select', false],
    ['commit', true],
  ]);
});

test('of statements that travel together none is left when one failed, not even one that is sent later', async () => {
  const late = async (tx: Transaction<Schema>) => {
    await Promise.resolve();
    await sql`insert into things values (4, 0)`.execute(tx);
  };
  const failing = transact(db, async (tx) => {
    await together(
      sql`insert into things values (3, 0)`.execute(tx),
      sql`insert into things values (1, 0)`.execute(tx),
      late(tx),
    );
  });
  await expect(failing).rejects.toMatchObject({ constraint: 'things_pkey' });
  expect((await listThings()).map(({ id }) => id)).toEqual([1, 2]);
});

test('a hint is given when its transaction has committed, and never when it came to nothing', async () => {
  const hints: number[] = [];
  await transact(db, async (tx) => {
    afterCommit(tx, () => hints.push(1));
    expect(hints).toEqual([]);
  });
  const failing = transact(db, async (tx) => {
    afterCommit(tx, () => hints.push(2));
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(hints).toEqual([1]);
});
