import { Code, ConnectError } from '@connectrpc/connect';
import { createTestDatabase } from '@kilas/testkit/test-database.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { sql } from 'kysely';
import { PgBoss } from 'pg-boss';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { openDatabase } from '../db/database.ts';
import { openLog } from '../process/log.ts';
import { currentRequestId, withRequestContext } from '../process/request-context.ts';
import type { JobKind } from './job-kinds.ts';
import { Jobs } from './jobs.ts';

const numbered = z.object({ id: z.string(), n: z.number() });
type Numbered = z.infer<typeof numbered>;
const kind = (name: string, options: Partial<JobKind<Numbered>> = {}): JobKind<Numbered> => ({
  name,
  data: numbered,
  retryCountMax: 3,
  retryDelaySeconds: 1,
  retryDelayMaxSeconds: 1,
  timeoutSeconds: 30,
  ...options,
});
const plain = kind('plain');
const flaky = kind('flaky');
const ordered = kind('ordered', { ordered: true });
const held = kind('held');
const long = kind('long');
const away = kind('away');
const doomed = kind('doomed', { retryCountMax: 0 });
const personal = kind('personal', { retryCountMax: 0, keptSeconds: 1 });

const database = await createTestDatabase();
const log = openLog('test', 'silent');
const db = openDatabase<object>({ url: database.url, poolSizeMax: 4, onTrouble: () => {} });
const jobs = new Jobs({ databaseUrl: database.url, log });
const done: { kind: string; data: Numbered; requestId: string | undefined; attempt: number }[] = [];
const doneOf = (name: string, id: string) => done.filter((entry) => entry.kind === name && entry.data.id === id);

beforeAll(async () => {
  await jobs.start([plain, flaky, ordered, held, long, doomed, personal]);
  for (const each of [plain, held]) {
    jobs.handle(each, 4, async ({ data, attempt }) => {
      done.push({ kind: each.name, data, requestId: currentRequestId(), attempt });
    });
  }
  jobs.handle(flaky, 1, async ({ data, attempt }) => {
    if (attempt === 0) throw new Error('the first try fails');
    done.push({ kind: flaky.name, data, requestId: currentRequestId(), attempt });
  });
  jobs.handle(ordered, 4, async ({ data, attempt }) => {
    if (data.n === 0 && attempt === 0) throw new Error('the first of the key fails once');
    done.push({ kind: ordered.name, data, requestId: currentRequestId(), attempt });
  });
  for (const each of [doomed, personal]) {
    jobs.handle(each, 1, async ({ data }) => {
      if (data.n === 0) throw new RangeError('cannot be done for budi@example.com');
    });
  }
  await jobs.work();
});

afterAll(async () => {
  await jobs.stop();
  await db.destroy();
  await database.drop();
});

test('a job exists if and only if the transaction that sends it commits', async () => {
  const rolledBack = db.transaction().execute(async (tx) => {
    await jobs.send(tx, plain, { id: 'rolled-back', n: 0 });
    await sql`select 1 / 0`.execute(tx);
  });
  await expect(rolledBack).rejects.toThrow('division by zero');
  await db.transaction().execute((tx) => jobs.send(tx, plain, { id: 'committed', n: 0 }));
  await waitFor(() => doneOf('plain', 'committed').length === 1, { what: 'the committed job' });
  expect(doneOf('plain', 'rolled-back')).toEqual([]);
});

test('a job carries the id of the request that caused it', async () => {
  await withRequestContext({ requestId: 'request-77' }, () =>
    db.transaction().execute((tx) => jobs.send(tx, plain, { id: 'traced', n: 0 })),
  );
  await waitFor(() => doneOf('plain', 'traced').length === 1, { what: 'the job' });
  expect(doneOf('plain', 'traced')[0]?.requestId).toBe('request-77');
});

test('a job that fails is tried again', async () => {
  await db.transaction().execute((tx) => jobs.send(tx, flaky, { id: 'again', n: 0 }));
  await waitFor(() => doneOf('flaky', 'again').length === 1, { what: 'the second try' });
  expect(doneOf('flaky', 'again')[0]?.attempt).toBe(1);
});

test('jobs of one key run in the order sent, also when the first one fails at first', async () => {
  for (const n of [0, 1, 2, 3]) {
    await db.transaction().execute((tx) => jobs.send(tx, ordered, { id: 'in-order', n }, { key: 'a' }));
  }
  await waitFor(() => doneOf('ordered', 'in-order').length === 4, { what: 'four jobs' });
  expect(doneOf('ordered', 'in-order').map(({ data }) => data.n)).toEqual([0, 1, 2, 3]);
});

test('jobs of one key that one transaction sends run in the order sent', async () => {
  const numbers = [1, 2, 3, 4, 5, 6, 7, 8];
  await db.transaction().execute(async (tx) => {
    for (const n of numbers) await jobs.send(tx, ordered, { id: 'together', n }, { key: 'b' });
  });
  await waitFor(() => doneOf('ordered', 'together').length === numbers.length, { what: 'eight jobs' });
  expect(doneOf('ordered', 'together').map(({ data }) => data.n)).toEqual(numbers);
});

test('jobs of one key run in the order sent, although the later transaction began first', async () => {
  await jobs.hold();
  await db.transaction().execute(async (later) => {
    await sql`select 1`.execute(later);
    await db.transaction().execute((tx) => jobs.send(tx, ordered, { id: 'crossed', n: 1 }, { key: 'c' }));
    await jobs.send(later, ordered, { id: 'crossed', n: 2 }, { key: 'c' });
  });
  await jobs.work();
  await waitFor(() => doneOf('ordered', 'crossed').length === 2, { what: 'both jobs' });
  expect(doneOf('ordered', 'crossed').map(({ data }) => data.n)).toEqual([1, 2]);
});

test('what a machine had left to do when it was switched off is there a year later', async () => {
  await jobs.hold();
  await db.transaction().execute((tx) => jobs.send(tx, held, { id: 'old', n: 0 }));
  await sql`update jobs.job set created_on = created_on - interval '1 year', start_after = start_after - interval '1 year',
    keep_until = keep_until - interval '1 year' where name = ${held.name}`.execute(db);
  await sql`update jobs.queue set maintain_on = null`.execute(db);
  const keeper = new PgBoss({ connectionString: database.url, schema: 'jobs', supervise: false, migrate: false });
  await keeper.start();
  await keeper.supervise();
  await keeper.stop({ graceful: false });
  await jobs.work();
  await waitFor(() => doneOf('held', 'old').length === 1, { what: 'the old job' });
});

test('a job that takes long is asked to end when the worker stops, and comes again', async () => {
  const worker = new Jobs({ databaseUrl: database.url, log, holdMaxMs: 20 });
  onTestFinished(() => worker.stop());
  await worker.start([long]);
  const attempts: number[] = [];
  worker.handle(long, 1, async ({ attempt, signal }) => {
    attempts.push(attempt);
    if (attempt === 0) await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  });
  await db.transaction().execute((tx) => jobs.send(tx, long, { id: 'long', n: 0 }));
  await worker.work();
  await waitFor(() => attempts.length === 1, { what: 'the first try' });
  await worker.hold();
  await worker.work();
  await waitFor(() => attempts.length === 2, { what: 'the second try' });
});

test('jobs that wait for a service which is away ask for it with rests in between', async () => {
  const asked: number[] = [];
  const worker = new Jobs({ databaseUrl: database.url, log });
  onTestFinished(() => worker.stop());
  await worker.start([away]);
  worker.handle(away, 1, async () => {
    asked.push(performance.now());
    throw new ConnectError('ai is away', Code.Unavailable);
  });
  await db.transaction().execute(async (tx) => {
    for (const n of [1, 2, 3, 4]) await worker.send(tx, away, { id: 'away', n });
  });
  await worker.work();
  await waitFor(() => asked.length === 3, { what: 'three tries' });
  expect((asked[2] ?? 0) - (asked[0] ?? 0)).toBeGreaterThan(1900);
});

test('held jobs wait, and are done when work goes on', async () => {
  await jobs.hold();
  await db.transaction().execute((tx) => jobs.send(tx, held, { id: 'later', n: 0 }));
  expect(await jobs.countOpen(held)).toBe(1);
  expect(doneOf('held', 'later')).toEqual([]);
  await jobs.work();
  await waitFor(() => doneOf('held', 'later').length === 1, { what: 'the held job' });
});

interface EndedRow {
  readonly state: string;
  readonly data: unknown;
  readonly output: unknown;
}

const rowsOfKind = async ({ name }: JobKind<Numbered>, id: string) => {
  const { rows } = await sql<EndedRow>`select state::text as state, data, output from jobs.job
    where name = ${name} and (data #>> '{data,id}' = ${id} or data ->> 'data' is null)`.execute(db);
  return rows;
};
const ageByYears = (name: string) =>
  sql`update jobs.job set completed_on = completed_on - interval '1 year' where name = ${name}`.execute(db);

/** As each process does every few seconds, pg-boss's own cleaning among it. */
async function maintain(): Promise<void> {
  await sql`update jobs.queue set maintain_on = null`.execute(db);
  const keeper = new PgBoss({ connectionString: database.url, schema: 'jobs', supervise: false, migrate: false });
  await keeper.start();
  await keeper.supervise();
  await keeper.stop({ graceful: false });
}

test('a job that failed stays until a person has acknowledged it; one that was done goes by itself', {
  timeout: 60_000,
}, async () => {
  for (const n of [0, 1]) {
    await db.transaction().execute((tx) => jobs.send(tx, doomed, { id: `ended-${n}`, n }));
    const isEnded = async () =>
      ['failed', 'completed'].includes((await rowsOfKind(doomed, `ended-${n}`))[0]?.state ?? '');
    await waitFor(isEnded, { what: 'the job to end' });
  }
  // As a former version sent it.
  await sql`update jobs.job set deletion_seconds = 604800 where name = ${doomed.name} and state = 'failed'`.execute(db);
  const isSafe = async () =>
    (await sql`select from jobs.job where name = ${doomed.name} and deletion_seconds > 0`.execute(db)).rows.length ===
    0;
  await waitFor(isSafe, { what: 'the failed job to be kept', timeoutMs: 30_000 });
  await ageByYears(doomed.name);
  await maintain();
  await waitFor(async () => (await rowsOfKind(doomed, 'ended-1')).length === 0, {
    what: 'the job that was done to go',
    timeoutMs: 30_000,
  });
  expect(await rowsOfKind(doomed, 'ended-0')).toMatchObject([{ state: 'failed' }]);
  await sql`update jobs.job set state = 'cancelled' where name = ${doomed.name}`.execute(db);
  await waitFor(async () => (await rowsOfKind(doomed, 'ended-0')).length === 0, {
    what: 'the acknowledged job to go',
    timeoutMs: 30_000,
  });
});

test('a job with personal data that failed stays without them and without the words of its error', {
  timeout: 60_000,
}, async () => {
  await db.transaction().execute((tx) => jobs.send(tx, personal, { id: 'budi@example.com', n: 0 }));
  const isBare = async () => {
    const { rows } =
      await sql<EndedRow>`select state::text as state, data, output from jobs.job where name = ${personal.name}`.execute(
        db,
      );
    return rows.length === 1 && rows[0]?.state === 'failed' && !JSON.stringify(rows).includes('budi');
  };
  await waitFor(isBare, { what: 'the data to go', timeoutMs: 30_000 });
});
