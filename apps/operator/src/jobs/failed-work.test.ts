import { openDatabase } from '@kilas/platform/db/database.ts';
import type { JobKind } from '@kilas/platform/jobs/job-kinds.ts';
import { Jobs } from '@kilas/platform/jobs/jobs.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import { openLog } from '@kilas/platform/process/log.ts';
import { eventTables } from '@kilas/platform/testing/event-tables.ts';
import { createTestDatabase } from '@kilas/testkit/test-database.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { FailedWork } from './failed-work.ts';

const data = z.object({ photoId: z.string() });
const draw: JobKind<z.output<typeof data>> = {
  name: 'draw',
  data,
  retryCountMax: 0,
  retryDelaySeconds: 1,
  retryDelayMaxSeconds: 1,
  timeoutSeconds: 30,
};

const database = await createTestDatabase();
const db = openDatabase<object>({ url: database.url, poolSizeMax: 4, onTrouble: () => {} });
const jobs = new Jobs({ databaseUrl: database.url, log: openLog('test', 'silent') });
const work = new FailedWork(db);
let isMended = false;

beforeAll(async () => {
  await sql.raw(eventTables).execute(db);
  await jobs.start([draw]);
  jobs.handle(draw, 2, async () => {
    if (!isMended) throw new RangeError('budi@example.com is in it');
  });
  await jobs.work();
});

beforeEach(async () => {
  await sql`delete from jobs.job where name = 'draw'`.execute(db);
  isMended = false;
});

afterAll(async () => {
  await jobs.stop();
  await db.destroy();
  await database.drop();
});

async function failOne(): Promise<string> {
  const before = (await work.listJobs({}, 10)).map(({ id }) => id);
  await db.transaction().execute((tx) => jobs.send(tx, draw, { photoId: newId() }));
  const added = async () => (await work.listJobs({}, 10)).find(({ id }) => !before.includes(id));
  await waitFor(async () => (await added()) !== undefined, { what: 'the job to fail' });
  return (await added())?.id ?? '';
}

test('a job that failed is listed, with how often it was tried', async () => {
  const id = await failOne();
  expect(await work.listJobs({ kind: 'draw' }, 10)).toMatchObject([{ id, kind: 'draw', tries: 1, isWhole: true }]);
  expect(await work.countJobs({ kind: 'another' })).toBe(0);
  expect(await work.countJobs({ ids: [newId()] })).toBe(0);
});

test('two operators who retry at once give it one more try, which may succeed', async () => {
  const id = await failOne();
  isMended = true;
  const counts = await Promise.all([work.retryJobs({ ids: [id] }), work.retryJobs({ kind: 'draw' })]);
  expect(counts[0] + counts[1]).toBe(1);
  const state = async () =>
    (await sql<{ state: string }>`select state::text as state from jobs.job where id = ${id}`.execute(db)).rows[0]
      ?.state;
  await waitFor(async () => (await state()) === 'completed', { what: 'the job to be done' });
});

test('a job that fails again is listed again', async () => {
  const id = await failOne();
  expect(await work.retryJobs({})).toBe(1);
  await waitFor(async () => (await work.listJobs({}, 10))[0]?.tries === 2, { what: 'the second failure' });
  expect(await work.listJobs({}, 10)).toMatchObject([{ id }]);
});

test('one that was acknowledged is listed no more, and another operator finds nothing left to do', async () => {
  const [one, other] = [await failOne(), await failOne()];
  const counts = await Promise.all([work.acknowledgeJobs({ ids: [one] }), work.acknowledgeJobs({ ids: [one] })]);
  expect(counts[0] + counts[1]).toBe(1);
  expect(await work.listJobs({}, 10)).toMatchObject([{ id: other }]);
  expect(await work.retryJobs({ ids: [one] })).toBe(0);
});

test('a job whose personal data are gone is not tried again, and can be acknowledged', async () => {
  const id = await failOne();
  await sql`update jobs.job set data = data - 'data' where id = ${id}`.execute(db);
  expect(await work.listJobs({}, 10)).toMatchObject([{ id, isWhole: false }]);
  expect(await work.retryJobs({})).toBe(0);
  expect(await work.acknowledgeJobs({ kind: 'draw' })).toBe(1);
});

test('an event that is held is listed without its key, and told at once when it is tried again', async () => {
  const key = newId();
  for (const _ of [1, 2, 3]) {
    await sql`insert into outbox_events (subscriber, key, event_id, type, payload, occurred_at, request_id)
      values ('ai', ${key}, gen_random_uuid(), 'kilas.user.v1.ConsentWithdrawn', '', now(), 'request-1')`.execute(db);
  }
  await sql`insert into outbox_holds (subscriber, key, attempts, retry_at, cause)
    values ('ai', ${key}, 7, now() + interval '1 hour', 'INTERNAL')`.execute(db);
  const events = await work.listEvents(10);
  expect(events).toMatchObject([{ subscriber: 'ai', tries: 7, cause: 'INTERNAL', waiting: 3 }]);
  expect(JSON.stringify(events)).not.toContain(key);
  expect(await work.retryEvents()).toBe(1);
  const due = await sql`select from outbox_holds where retry_at <= now()`.execute(db);
  expect(due.rows).toHaveLength(1);
});
