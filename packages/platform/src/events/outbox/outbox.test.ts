import { createPrivateKey, createPublicKey } from 'node:crypto';
import { create, toBinary } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import { EventService } from '@kilas/contracts/gen/kilas/platform/v1/event_service_pb.js';
import { ConsentWithdrawnSchema } from '@kilas/contracts/gen/kilas/user/v1/events_pb.js';
import { createTestDatabase } from '@kilas/testkit/test-database.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { type Kysely, sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { openDatabase } from '../../db/database.ts';
import type { JobKind } from '../../jobs/job-kinds.ts';
import { Jobs } from '../../jobs/jobs.ts';
import { systemClock } from '../../process/clock.ts';
import { newId } from '../../process/ids.ts';
import { openLog } from '../../process/log.ts';
import { MemoryNetwork } from '../../rpc/rpc-client.ts';
import { serverInterceptors } from '../../rpc/rpc-server.ts';
import { createServiceSigner, createServiceVerifier, newServiceKey } from '../../rpc/service-token.ts';
import { eventTables, outboxMigrationOf, publishers } from '../../testing/event-tables.ts';
import { type OnDelivered, subscribe } from '../events.ts';
import { registerSubscriptions } from '../serve-events.ts';
import { Outbox } from './outbox.ts';

const log = openLog('user', 'silent');
const key = newServiceKey();
const sign = createServiceSigner('user', createPrivateKey(key.privateKeyPem));
const verify = createServiceVerifier('photo', { user: createPublicKey(key.publicKeyPem) });

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let db: Kysely<object>;
let network: MemoryNetwork;
let outboxes: Outbox[];
/** Members whose events fail until they are taken out. */
let bad: Set<string>;
let callCount: number;

beforeEach(async () => {
  database = await createTestDatabase();
  db = openDatabase<object>({ url: database.url, poolSizeMax: 10, onTrouble: () => {} });
  await sql.raw(eventTables).execute(db);
  await sql`create table acted (place bigint generated always as identity, member_id text, epoch int, xid xid8)`.execute(
    db,
  );
  network = new MemoryNetwork();
  outboxes = [];
  bad = new Set();
  callCount = 0;
});

afterEach(async () => {
  for (const outbox of outboxes) await outbox.stop();
  await db.destroy();
  await database.drop();
});

/** One more process that publishes. */
function openOutbox(onDelivered?: OnDelivered): Outbox {
  const publications = [{ event: ConsentWithdrawnSchema, subscribers: ['photo'] }];
  const outbox = new Outbox({ db, log, clock: systemClock, publications });
  outbox.handle(network.peersFor(sign), onDelivered);
  outboxes.push(outbox);
  return outbox;
}

/** Notes each event, and fails for those who are bad. */
const noted = () =>
  subscribe<object, typeof ConsentWithdrawnSchema>('user', ConsentWithdrawnSchema, async (tx, event) => {
    const { memberId, epoch } = event;
    await sql`insert into acted (member_id, epoch, xid) values (${memberId}, ${epoch}, pg_current_xact_id())`.execute(
      tx,
    );
    if (bad.has(memberId)) throw new RangeError('what it holds is personal');
    return {};
  });

function servePhoto(): void {
  network.serve('photo', {
    interceptors: [
      ...serverInterceptors(verify, log, 'photo'),
      (next) => (request) => {
        callCount += 1;
        return next(request);
      },
    ],
    routes: (router) => registerSubscriptions(router, db, [noted()], log),
  });
}

const publish = (outbox: Outbox, memberId: string, epoch: number) =>
  db.transaction().execute((tx) => outbox.publish(tx, ConsentWithdrawnSchema, memberId, { memberId, epoch }));

/** Many at once, as a storm leaves them: `members` in turn. */
async function fill(count: number, members: number): Promise<void> {
  const payloads = Array.from({ length: count }, (_, n) => {
    const message = create(ConsentWithdrawnSchema, { memberId: `m${n % members}`, epoch: n + 1 });
    return Buffer.from(toBinary(ConsentWithdrawnSchema, message)).toString('base64');
  });
  await sql`insert into outbox_events (subscriber, key, event_id, type, payload, occurred_at, request_id)
    select 'photo', 'm' || (n - 1) % ${members}, gen_random_uuid(), ${ConsentWithdrawnSchema.typeName},
      decode(payload, 'base64'), now(), 'request-1'
    from unnest(${payloads}::text[]) with ordinality as storm (payload, n) order by n`.execute(db);
}

async function rowsOf<Row>(query: ReturnType<typeof sql<Row>>): Promise<Row[]> {
  return (await query.execute(db)).rows;
}

const acted = () =>
  rowsOf(
    sql<{ member_id: string; epoch: number; xid: bigint }>`select member_id, epoch, xid from acted order by place`,
  );
const epochsOf = async (memberId: string) =>
  (await acted()).filter((each) => each.member_id === memberId).map(({ epoch }) => epoch);
const holds = () =>
  rowsOf(sql<{ key: string; attempts: number; cause: string }>`select key, attempts, cause from outbox_holds`);
const countWaiting = async () => (await rowsOf(sql`select from outbox_events`)).length;
const isDrained = async () => (await countWaiting()) === 0;

async function expectOnceInOrder(count: number): Promise<void> {
  const all = await acted();
  expect(all).toHaveLength(count);
  const members = Map.groupBy(all, ({ member_id }) => member_id);
  for (const ofMember of members.values()) {
    const epochs = ofMember.map(({ epoch }) => epoch);
    expect(epochs).toEqual([...new Set(epochs)].sort((a, b) => a - b));
  }
}

test('what a storm left is told in few calls, those of a call act in one transaction, each once and in the order of its key', async () => {
  servePhoto();
  await fill(1_000, 100);
  openOutbox().work();
  await waitFor(isDrained, { what: 'the storm to be told', timeoutMs: 30_000 });
  await expectOnceInOrder(1_000);
  expect(callCount).toBeLessThan(100);
  expect(new Set((await acted()).map(({ xid }) => xid)).size).toBe(callCount);
});

test('what is read while a storm is told is no more than what is told, although no statistics know of it', async () => {
  servePhoto();
  await sql`alter table outbox_events set (autovacuum_enabled = off)`.execute(db);
  await fill(12_000, 12_000);
  openOutbox().work();
  await waitFor(isDrained, { what: 'the storm to be told', timeoutMs: 120_000 });
  const used = () =>
    rowsOf(sql<{ scanned: number; fetched: number; deleted: number }>`select seq_tup_read::int as scanned,
      idx_tup_fetch::int as fetched, n_tup_del::int as deleted from pg_stat_user_tables where relname = 'outbox_events'`);
  await waitFor(async () => (await used())[0]?.deleted === 12_000, { what: 'the statistics' });
  expect((await used())[0]?.fetched).toBeLessThan(2.5 * 12_000);
}, 180_000);

test('an event that fails holds those behind it of its key, and nobody else; it comes again until it is taken', async () => {
  servePhoto();
  bad.add('m1');
  await fill(30, 3);
  const outbox = openOutbox();
  outbox.work();
  await waitFor(async () => (await countWaiting()) === 10, { what: 'all others to be told' });
  expect(await epochsOf('m0')).toHaveLength(10);
  expect(await epochsOf('m1')).toEqual([]);
  // The relay deletes what was taken before it writes the hold.
  await waitFor(async () => (await holds()).length > 0, { what: 'the hold' });
  expect(await holds()).toMatchObject([{ key: 'm1', cause: 'RangeError' }]);
  await publish(outbox, 'm1', 99);
  bad.delete('m1');
  await waitFor(isDrained, { what: 'the held ones to be told', timeoutMs: 40_000 });
  await expectOnceInOrder(31);
  expect((await epochsOf('m1')).at(-1)).toBe(99);
  expect(await holds()).toEqual([]);
});

test('a single event that fails holds its key alone', async () => {
  servePhoto();
  bad.add('alone');
  const outbox = openOutbox();
  outbox.work();
  await publish(outbox, 'alone', 1);
  await waitFor(async () => (await holds()).length === 1, { what: 'the hold' });
  await publish(outbox, 'other', 1);
  await waitFor(async () => (await epochsOf('other')).length === 1, { what: 'the other one' });
  bad.delete('alone');
  await waitFor(isDrained, { what: 'the first to be told', timeoutMs: 40_000 });
});

test('an event of which the subscriber dies holds nobody else, and each further try of it is counted', async () => {
  /** How many tries of the killer were counted before each call of which the subscriber died. */
  const countedAtDeath: number[] = [];
  const countedTries = async () => (await holds())[0]?.attempts ?? 0;
  network.serve('photo', {
    interceptors: [
      ...serverInterceptors(verify, log, 'photo'),
      (next) => async (request) => {
        const { message } = request as { message: { key?: string; more?: readonly { key: string }[] } };
        const keys = [message.key ?? '', ...(message.more ?? []).map((event) => event.key)];
        if (!keys.includes('killer')) return next(request);
        countedAtDeath.push(await countedTries());
        throw new ConnectError('the connection broke', Code.Unavailable);
      },
    ],
    routes: (router) => registerSubscriptions(router, db, [noted()], log),
  });
  const outbox = openOutbox();
  await publish(outbox, 'killer', 1);
  await fill(20, 20);
  outbox.work();
  await waitFor(async () => (await countWaiting()) === 1, { what: 'all others to be told', timeoutMs: 60_000 });
  await fill(20, 20);
  await waitFor(async () => (await countedTries()) >= 3, { what: 'three tries', timeoutMs: 60_000 });
  // Once the killer is held, each further call counts one more.
  const furtherTries = countedAtDeath.filter((count) => count > 0);
  expect(furtherTries.slice(0, 2)).toEqual([1, 2]);
}, 150_000);

test('a subscriber of a former version, which knows of one event in a call, is told all, in order', async () => {
  const heard: string[] = [];
  network.serve('photo', {
    interceptors: serverInterceptors(verify, log, 'photo'),
    routes: (router) =>
      router.service(EventService, {
        deliver: ({ eventId, key: heardKey }) => {
          heard.push(`${heardKey} ${eventId}`);
          return { effects: {} };
        },
      }),
  });
  await fill(40, 4);
  const expected = await rowsOf(
    sql<{ line: string }>`select key || ' ' || event_id as line from outbox_events order by position`,
  );
  openOutbox().work();
  await waitFor(isDrained, { what: 'all to be told', timeoutMs: 30_000 });
  for (const member of ['m0', 'm1', 'm2', 'm3']) {
    const of = (lines: string[]) => lines.filter((line) => line.startsWith(`${member} `));
    expect(of(heard)).toEqual(of(expected.map(({ line }) => line)));
  }
});

test('any number of processes publish and tell at once, and each event acts once and in order', async () => {
  servePhoto();
  const processes = [openOutbox(), openOutbox(), openOutbox()];
  for (const each of processes) each.work();
  await Promise.all(
    processes.map(async (outbox, index) => {
      for (let epoch = 1; epoch <= 40; epoch++) await publish(outbox, `member-of-${index}`, epoch);
    }),
  );
  await waitFor(isDrained, { what: 'all to be told', timeoutMs: 30_000 });
  await expectOnceInOrder(120);
});

test('two that both believe it is their turn tell each event once in effect, and in order', async () => {
  servePhoto();
  await fill(600, 7);
  const thief = setInterval(() => void sql`delete from outbox_turns`.execute(db), 5);
  for (const outbox of [openOutbox(), openOutbox(), openOutbox()]) outbox.work();
  await waitFor(isDrained, { what: 'all to be told', timeoutMs: 30_000 }).finally(() => clearInterval(thief));
  await expectOnceInOrder(600);
});

test('a process that froze loses its turn', async () => {
  servePhoto();
  await sql`insert into outbox_turns values ('photo', ${newId()}, clock_timestamp() + interval '2 s')`.execute(db);
  const outbox = openOutbox();
  outbox.work();
  await publish(outbox, 'a', 1);
  await waitFor(isDrained, { what: 'the event to be told by another' });
  const late = await rowsOf(sql`select from outbox_turns where held_until > clock_timestamp() + interval '20 s'`);
  expect(late).toEqual([]);
});

test('what is committed later than what was published after it is told all the same', async () => {
  servePhoto();
  const outbox = openOutbox();
  outbox.work();
  await db.transaction().execute(async (early) => {
    await outbox.publish(early, ConsentWithdrawnSchema, 'early', { memberId: 'early', epoch: 1 });
    await publish(outbox, 'late', 1);
    await waitFor(async () => (await epochsOf('late')).length === 1, { what: 'the one that is committed' });
  });
  await waitFor(async () => (await epochsOf('early')).length === 1, { what: 'the one that was committed later' });
});

test('a process that dies between the answer and its note is answered the same, and nothing acts twice', async () => {
  servePhoto();
  let heardCount = 0;
  const outbox = openOutbox(async () => {
    heardCount += 1;
    if (heardCount === 1) throw new Error('dies here');
  });
  outbox.work();
  await publish(outbox, 'a', 1);
  await waitFor(isDrained, { what: 'the second answer' });
  expect(heardCount).toBe(2);
  expect(await epochsOf('a')).toEqual([1]);
});

test('what a former version left in its job queue is told before what came later, once', async () => {
  servePhoto();
  const data = z.object({
    eventId: z.string(),
    type: z.string(),
    key: z.string(),
    occurredAt: z.string(),
    payload: z.string(),
  });
  const formerQueue: JobKind<z.output<typeof data>> = {
    name: 'events-to-photo',
    data,
    retryCountMax: 10_000_000,
    retryDelaySeconds: 1,
    retryDelayMaxSeconds: 30,
    timeoutSeconds: 60,
    ordered: true,
  };
  const former = new Jobs({ databaseUrl: database.url, log });
  await former.start([formerQueue]);
  try {
    for (let epoch = 1; epoch <= 3; epoch++) {
      const payload = toBinary(ConsentWithdrawnSchema, create(ConsentWithdrawnSchema, { memberId: 'a', epoch }));
      const entry = {
        eventId: newId(),
        type: ConsentWithdrawnSchema.typeName,
        key: 'a',
        occurredAt: new Date().toISOString(),
      };
      await db
        .transaction()
        .execute((tx) =>
          former.send(tx, formerQueue, { ...entry, payload: Buffer.from(payload).toString('base64') }, { key: 'a' }),
        );
    }
    const outbox = openOutbox();
    await publish(outbox, 'a', 4);
    outbox.work();
    await waitFor(async () => (await epochsOf('a')).length === 4, { what: 'all four', timeoutMs: 20_000 });
    expect(await epochsOf('a')).toEqual([1, 2, 3, 4]);
    expect(await rowsOf(sql`select from jobs.job where name = 'events-to-photo'`)).toEqual([]);
  } finally {
    await former.stop();
  }
});

test('every service that publishes has the same tables for it', () => {
  expect(new Set(publishers.map(outboxMigrationOf)).size).toBe(1);
});
