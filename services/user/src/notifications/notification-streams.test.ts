import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { openDatabase } from '@kilas/platform/db/database.ts';
import { addSeconds, systemClock } from '@kilas/platform/process/clock.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import { openLog } from '@kilas/platform/process/log.ts';
import { openMemorySharedState } from '@kilas/platform/shared/memory-shared-state.ts';
import { openRedisSharedState } from '@kilas/platform/shared/redis-shared-state.ts';
import type { SharedState } from '@kilas/platform/shared/shared-state.ts';
import { signUpMember } from '@kilas/testkit/sign-up.ts';
import { startSystem, type TestSystem } from '@kilas/testkit/start-system.ts';
import { startTestRedis, testWithRedis } from '@kilas/testkit/test-with-redis.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import type { Kysely } from 'kysely';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { lockExistingAccounts } from '../accounts/account-store.ts';
import type { UserSchema } from '../db/schema.ts';
import { insertNotification } from './notification-store.ts';
import type { NotificationStream } from './notification-stream.ts';
import { NotificationStreams, type StreamTimes } from './notification-streams.ts';
import { tellNotified } from './tell-notified.ts';

const never = 3_600_000;
let system: TestSystem;
let db: Kysely<UserSchema>;
let listener: { accountId: string; sessionId: string; expiresAt: Date; position: bigint; locale: 'en' };
beforeAll(async () => {
  system = await startSystem({ services: ['user'] });
  db = openDatabase<UserSchema>({ url: system.databaseUrls.user, poolSizeMax: 2, onTrouble: () => {} });
  const { accountId } = await signUpMember(system);
  const { id } = await db
    .selectFrom('sessions')
    .select('id')
    .where('account_id', '=', accountId)
    .executeTakeFirstOrThrow();
  listener = { accountId, sessionId: id, expiresAt: addSeconds(new Date(), 600), position: 0n, locale: 'en' };
});
afterAll(async () => {
  await db.destroy();
  await system.close();
});

function openStreams(shared: SharedState, times: Partial<StreamTimes>): NotificationStreams {
  const streams = new NotificationStreams(
    { db, shared, clock: systemClock },
    { lookEveryMs: never, beatEveryMs: never, ...times },
  );
  onTestFinished(() => streams.close());
  return streams;
}

function openMemory(): SharedState {
  const shared = openMemorySharedState();
  onTestFinished(shared.close);
  return shared;
}

/** Inserts one, as any replica does. */
async function insert(): Promise<string> {
  const id = newId();
  const { accountId } = listener;
  const data = { orderId: newId(), photoIds: [], photoCount: 0 };
  await db.transaction().execute(async (tx) => {
    await lockExistingAccounts(tx, [accountId]);
    await insertNotification(tx, { id, accountId, content: { kind: 'photos_bought', data }, now: new Date() });
  });
  return id;
}

function read(stream: NotificationStream) {
  let heard = '';
  stream.on('data', (chunk: string) => {
    heard += chunk;
  });
  return { hears: (part: string) => waitFor(() => heard.includes(part), { what: part }) };
}

testWithRedis('what one replica writes, another one sends at once, and without Redis when it looks', async () => {
  const redis = await startTestRedis();
  const [here, there] = [0, 1].map(() => {
    const shared = openRedisSharedState({ url: redis.url, log: openLog('test', 'silent') });
    onTestFinished(shared.close);
    return shared;
  }) as [SharedState, SharedState];
  const told = openStreams(there, {});
  const looking = openStreams(there, { lookEveryMs: 50 });
  await waitFor(() => here.state() === 'ready' && there.state() === 'ready', { what: 'both to be connected' });
  const [hint, look] = [read(told.open(listener)), read(looking.open(listener))];

  const first = await insert();
  await tellNotified({ shared: here }, [listener.accountId]);
  await hint.hears(first);

  await redis.stop();
  await waitFor(() => there.state() === 'degraded', { what: 'Redis to be away' });
  const second = await insert();
  await tellNotified({ shared: here }, [listener.accountId]);
  await look.hears(second);
});

test('heartbeats go to who listens, and who takes nothing between two of them is let go', async () => {
  const streams = openStreams(openMemory(), { beatEveryMs: 20 });
  const listening = streams.open(listener);
  const stalled = streams.open(listener);
  const heard = read(listening);
  await once(stalled, 'close');
  await heard.hears(':\n\n');
  expect(listening.destroyed).toBe(false);
});

test('who reads slowly gets everything, and no more is read from the database than they take', async () => {
  for (let count = 0; count < 300; count++) await insert();
  const stream = openStreams(openMemory(), {}).open(listener);
  stream.read(0);
  await waitFor(() => stream.readableLength > stream.readableHighWaterMark, { what: 'the first page' });
  const ids = await db
    .selectFrom('notifications')
    .select('id')
    .where('account_id', '=', listener.accountId)
    .orderBy('position')
    .execute();
  const held = stream.readableLength;
  const heard: string[] = [];
  stream.on('data', (chunk: string) => heard.push(chunk));
  const idsIn = () => [...heard.join('').matchAll(/^id: (.*)$/gm)].map(([, id]) => id);
  await waitFor(() => idsIn().length >= ids.length, { what: 'all' });
  expect(idsIn()).toEqual(ids.map(({ id }) => id));
  expect(held).toBeLessThan(heard.join('').length);
});

test('where the database cannot be asked, streams end', async () => {
  const away = openDatabase<UserSchema>({
    url: 'postgres://127.0.0.1:1/nothing',
    poolSizeMax: 1,
    connectTimeoutMs: 100,
    onTrouble: () => {},
  });
  onTestFinished(() => away.destroy());
  const streams = new NotificationStreams(
    { db: away, shared: openMemory(), clock: systemClock },
    { lookEveryMs: 20, beatEveryMs: never },
  );
  onTestFinished(() => streams.close());
  expect(await text(streams.open(listener))).toMatch(/^retry: \d{4}\n\n$/);
});

test('after the close none is opened', async () => {
  const streams = openStreams(openMemory(), {});
  streams.close();
  expect(() => streams.open(listener)).toThrow('SERVICE_UNAVAILABLE');
});

test('when no stream is left, an account with many gives one to who has none', async () => {
  const streams = new NotificationStreams(
    { db, shared: openMemory(), clock: systemClock },
    { lookEveryMs: never, beatEveryMs: never, streamsMax: 4 },
  );
  onTestFinished(() => streams.close());
  const many = Array.from({ length: 4 }, () => streams.open(listener).resume());
  const other = { ...listener, accountId: newId() };
  streams.open(other);
  await waitFor(() => many[0]?.closed, { what: 'the oldest stream to end' });
  streams.open(other);
  await waitFor(() => many[1]?.closed, { what: 'the next one to end' });
  // Two each: nobody has too many.
  expect(() => streams.open(other)).toThrow('TOO_MANY_REQUESTS');
  expect(() => streams.open(listener)).toThrow('TOO_MANY_REQUESTS');
  expect(many.map((one) => one.closed)).toEqual([true, true, false, false]);
});
