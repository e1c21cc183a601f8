import { create, toBinary } from '@bufbuild/protobuf';
import { createClient } from '@connectrpc/connect';
import { MatchesFoundSchema } from '@kilas/contracts/gen/kilas/photo/v1/events_pb.js';
import { EventService } from '@kilas/contracts/gen/kilas/platform/v1/event_service_pb.js';
import { PhotosSoldSchema } from '@kilas/contracts/gen/kilas/transaction/v1/events_pb.js';
import { newId } from '@kilas/platform/process/ids.ts';
import { openMemorySharedState } from '@kilas/platform/shared/memory-shared-state.ts';
import { drivenClock } from '@kilas/testkit/drive-clock.ts';
import { type Member, signUpMember } from '@kilas/testkit/sign-up.ts';
import { startSystem, type TestSystem } from '@kilas/testkit/start-system.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { listen, type StreamEvent } from '../testing/listen.ts';
import { streamsPerAccountMax } from './notification-streams.ts';
import { onNotified } from './tell-notified.ts';

const clock = drivenClock();
const shared = openMemorySharedState();
let system: TestSystem;
let address: string;
let client: pg.Client;
let member: Member;
beforeAll(async () => {
  system = await startSystem({ services: ['user'], clock, shared });
  address = await system.app.listen({ port: 0 });
  client = new pg.Client({ connectionString: system.databaseUrls.user });
  await client.connect();
});
beforeEach(async () => {
  member = await signUpMember(system, { consent: true });
});
afterAll(async () => {
  await client.end();
  await system.close();
});

const open = (options: { of?: Member; lastId?: string | undefined } = {}) =>
  listen(`${address}/v1/me/notifications/stream`, {
    ...(options.of ?? member).headers,
    ...(options.lastId === undefined ? {} : { 'last-event-id': options.lastId }),
  });

/** Tells of an order that the member bought; answers its id. */
async function sell(of: Member = member, creatorIds: readonly string[] = []): Promise<string> {
  const orderId = newId();
  const photos = creatorIds.map((creatorId) => ({ photoId: newId(), sale: 'shared', creatorId }));
  const payload = toBinary(PhotosSoldSchema, create(PhotosSoldSchema, { orderId, buyerId: of.accountId, photos }));
  const events = createClient(EventService, system.peersAs('transaction')('user'));
  await events.deliver({ eventId: newId(), type: PhotosSoldSchema.typeName, key: orderId, payload });
  return orderId;
}

async function match(): Promise<void> {
  const found = create(MatchesFoundSchema, { memberId: member.accountId, photoIds: [newId()] });
  const payload = toBinary(MatchesFoundSchema, found);
  const events = createClient(EventService, system.peersAs('photo')('user'));
  await events.deliver({ eventId: newId(), type: MatchesFoundSchema.typeName, key: 'key', payload });
}

/** As another replica would, about which nothing is told here. */
async function insert(id = newId()): Promise<string> {
  const data = { orderId: newId(), photoIds: [], photoCount: 0 };
  await client.query(
    `insert into notifications (id, account_id, kind, data, created_at) values ($1, $2, 'photos_bought', $3, now())`,
    [id, member.accountId, data],
  );
  return id;
}

const ordersOf = (events: readonly StreamEvent[]) => events.map((event) => event.data.data.orderId);

test('what is new arrives as the list shows it, and nothing of others', async () => {
  const stream = await open();
  expect(stream.status).toBe(200);
  await sell(await signUpMember(system));
  const orders = [await sell(), await sell()];
  const events = await stream.hear(2);
  expect(ordersOf(events)).toEqual(orders);
  const list = await system.app.inject({ url: '/v1/me/notifications', headers: member.headers });
  expect(events.map(({ data }) => data).reverse()).toMatchObject(
    list
      .json()
      .items.map(({ kind, data: { photoIds: _, ...data } }: { kind: string; data: { photoIds: unknown } }) => ({
        kind,
        data,
      })),
  );
  expect(events.map(({ id }) => id).reverse()).toEqual(
    list.json().items.map((item: { notificationId: string }) => item.notificationId),
  );
});

test('every replica is told, after the commit, whose notifications there are', async () => {
  const told = new Map<string, Promise<unknown>>();
  const leave = onNotified({ shared }, (accountIds) => {
    for (const accountId of accountIds) {
      const rows = client.query('select kind from notifications where account_id = $1', [accountId]);
      told.set(
        accountId,
        rows.then((result) => result.rows),
      );
    }
  });
  const creator = await signUpMember(system);
  await match();
  expect(await told.get(member.accountId)).toEqual([{ kind: 'matches_found' }]);
  await sell(member, [creator.accountId]);
  expect(await told.get(member.accountId)).toHaveLength(2);
  expect(await told.get(creator.accountId)).toEqual([{ kind: 'photos_sold' }]);
  leave();
});

test('who connects again with the last id misses nothing, however much there is', async () => {
  await insert();
  const first = await open();
  const orders = [await sell(), await sell()];
  const [lastSeen] = await first.hear(2);
  first.leave();
  const ids = [];
  for (let count = 0; count < 250; count++) ids.push(await insert());
  const events = await (await open({ lastId: lastSeen?.id })).hear(251);
  expect(events.map(({ id }) => id).slice(1)).toEqual(ids);
  expect(events[0]?.data.data.orderId).toBe(orders[1]);
});

test('what another replica wrote arrives, also when its clock is behind', async () => {
  const now = clock.now().getTime();
  const idAt = (ms: number) =>
    `${ms
      .toString(16)
      .padStart(12, '0')
      .replace(/^(.{8})/, '$1-')}-7000-8000-${newId().slice(-12)}`;
  const ahead = await insert(idAt(now + 1_000));
  const stream = await open({ lastId: ahead });
  const behind = await insert(idAt(now));
  expect((await stream.hear(1)).map(({ id }) => id)).toEqual([behind]);
  expect((await (await open({ lastId: ahead })).hear(1)).map(({ id }) => id)).toEqual([behind]);
});

test('a digest that grew comes as a new one, also for who knows the one that is gone', async () => {
  const stream = await open();
  await match();
  const [shown] = await stream.hear(1);
  stream.leave();
  await match();
  const order = await sell();
  const events = await (await open({ lastId: shown?.id })).hear(2);
  expect(events.map(({ data }) => data)).toMatchObject([
    { kind: 'matches_found', data: { photoCount: 2 } },
    { kind: 'photos_bought', data: { orderId: order } },
  ]);
});

test('without a last id the stream begins now', async () => {
  await sell();
  const stream = await open();
  const order = await sell();
  expect(ordersOf(await stream.hear(1))).toEqual([order]);
});

test('it ends when the session does, at once or when nobody tells of it', async () => {
  const stream = await open();
  await system.app.inject({ method: 'POST', url: '/v1/auth/sign-out', headers: member.headers });
  await waitFor(() => stream.ending() === 'ended', { what: 'the end' });
  const other = await signUpMember(system);
  const unheard = await open({ of: other });
  await client.query(`update sessions set ended_at = now(), end_reason = 'ended' where account_id = $1`, [
    other.accountId,
  ]);
  await waitFor(() => unheard.ending() === 'ended', { what: 'the end that nobody told of' });
});

test('a change of the account that ends no session leaves the stream open', async () => {
  const stream = await open();
  await system.app.inject({ method: 'PATCH', url: '/v1/me', headers: member.headers, payload: { matchLevel: 3 } });
  const order = await sell();
  expect(ordersOf(await stream.hear(1))).toEqual([order]);
  expect(stream.ending()).toBeUndefined();
});

test('it ends with the access token that it was opened with', async () => {
  const stream = await open();
  clock.advance(600);
  await waitFor(() => stream.ending() === 'ended', { what: 'the end' });
});

test('an account has so many streams at a time, and one more when it leaves one', async () => {
  const streams = [];
  for (let count = 0; count < streamsPerAccountMax; count++) streams.push(await open());
  expect(streams.map(({ status }) => status)).toEqual(streams.map(() => 200));
  expect((await open()).status).toBe(429);
  expect((await open({ of: await signUpMember(system) })).status).toBe(200);
  streams[0]?.leave();
  await waitFor(async () => (await open()).status === 200, { what: 'the place to be free' });
});

test('who is not signed in, or sends what is no id, is refused', async () => {
  expect((await listen(`${address}/v1/me/notifications/stream`, {})).status).toBe(401);
  expect((await open({ lastId: 'nonsense' })).status).toBe(400);
  const head = await system.app.inject({ method: 'HEAD', url: '/v1/me/notifications/stream', headers: member.headers });
  expect(head.statusCode).toBe(404);
});

test('a service that closes ends its streams in good order', async () => {
  const closing = await startSystem({ services: ['user'] });
  const url = await closing.app.listen({ port: 0 });
  const stream = await listen(`${url}/v1/me/notifications/stream`, (await signUpMember(closing)).headers);
  expect(stream.status).toBe(200);
  await closing.close();
  await waitFor(stream.ending, { what: 'the end' });
  // A stream that the app had to wait for would have been broken off.
  expect(stream.ending()).toBe('ended');
});
