import { randomUUID } from 'node:crypto';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { timestampDate } from '@bufbuild/protobuf/wkt';
import { createClient } from '@connectrpc/connect';
import { EventRetentionSetSchema } from '@kilas/contracts/gen/kilas/photo/v1/events_pb.js';
import { EventService } from '@kilas/contracts/gen/kilas/platform/v1/event_service_pb.js';
import { CreatorJoinedSchema } from '@kilas/contracts/gen/kilas/user/v1/events_pb.js';
import { openMemorySharedState } from '@kilas/platform/shared/memory-shared-state.ts';
import { query } from '@kilas/testkit/query.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { afterAll, expect, test } from 'vitest';
import { startCatalogue } from '../testing/start-catalogue.ts';

const { system, publish, recognise, createEvent, get, send, signUp } = await startCatalogue();
afterAll(() => system.close());
const creator = await signUp({ creator: true });
const member = await signUp();
const stranger = await signUp();

function listenForRetentions() {
  const heard: { eventId: string; facesUntil: string }[] = [];
  const leave = system.network.serve('ai', {
    interceptors: [],
    routes: (router) => {
      router.service(EventService, {
        deliver: ({ payload }) => {
          const { eventId, facesUntil } = fromBinary(EventRetentionSetSchema, payload);
          if (facesUntil !== undefined) heard.push({ eventId, facesUntil: timestampDate(facesUntil).toISOString() });
          return {};
        },
      });
    },
  });
  const of = (eventId: string) => heard.filter((told) => told.eventId === eventId).map(({ facesUntil }) => facesUntil);
  return { leave, of };
}

/** As the schedule has it done. */
const tellAgain = () =>
  query(
    system.databaseUrls.photo,
    `insert into jobs.job (name, data) values
    ('tell-retentions', '{"data": {}, "requestId": "00000000-0000-7000-8000-000000000000"}')`,
  );

test('a public event shows its photos to everyone', async () => {
  const { eventId } = await createEvent(creator, { visibility: 'public' });
  const photoId = await publish({ creatorId: creator.accountId, eventId });
  const reply = await get(`/v1/events/${eventId}/photos`);
  expect(reply.json().items.map((item: { photoId: string }) => item.photoId)).toEqual([photoId]);
  expect(reply.json().items[0].previewUrl).toMatch(/^http/);
  expect((await get(`/v1/photos/${photoId}`)).status).toBe(200);
  expect((await get('/v1/events')).body).toContain(eventId);
});

test('an unlisted event opens with its link alone, and its token is shown to its creators alone', async () => {
  const { eventId, shareToken } = await createEvent(creator, { visibility: 'unlisted' });
  const photoId = await publish({ creatorId: creator.accountId, eventId });
  for (const share of ['', '?share=wrong', `?share=${shareToken.slice(1)}`]) {
    expect((await get(`/v1/events/${eventId}${share}`, stranger)).status).toBe(404);
    expect((await get(`/v1/events/${eventId}/photos${share}`, stranger)).status).toBe(404);
    expect((await get(`/v1/photos/${photoId}${share}`, stranger)).status).toBe(404);
  }
  expect((await get(`/v1/events/${eventId}/photos?share=${shareToken}`)).json().items).toHaveLength(1);
  const seen = await get(`/v1/events/${eventId}?share=${shareToken}`, stranger);
  expect(seen.status).toBe(200);
  expect(seen.body).not.toContain(shareToken);
  expect((await get('/v1/events', stranger)).body).not.toContain(eventId);
  expect((await get('/v1/events', creator)).body).toContain(eventId);
});

test('the creators of an event see until when faces are kept, and ai is told with the event', async () => {
  const told = listenForRetentions();
  const { eventId } = await createEvent(creator, { visibility: 'public', retentionDays: 10 });
  const facesUntil = '2026-05-11T06:00:00.000Z';
  expect((await get(`/v1/events/${eventId}`, creator)).json()).toMatchObject({ facesUntil });
  expect((await get(`/v1/events/${eventId}`, stranger)).json()).not.toHaveProperty('facesUntil');
  await waitFor(() => told.of(eventId).length === 1, { what: 'ai to be told', timeoutMs: 15_000 });
  expect(told.of(eventId)).toEqual([facesUntil]);
  told.leave();
});

test('ai is told of an event whose end was moved, and of one it never heard of, once', async () => {
  const told = listenForRetentions();
  const { eventId } = await createEvent(creator);
  await waitFor(() => told.of(eventId).length === 1, { what: 'ai to be told', timeoutMs: 15_000 });
  await query(
    system.databaseUrls.photo,
    `update events set ends_at = ends_at + interval '1 day' where event_id = '${eventId}'`,
  );
  await tellAgain();
  await waitFor(() => told.of(eventId).length === 2, { what: 'ai to be told again', timeoutMs: 15_000 });
  expect(told.of(eventId)).toEqual(['2026-06-30T06:00:00.000Z', '2026-07-01T06:00:00.000Z']);
  await query(system.databaseUrls.photo, `update events set faces_until_told = null where event_id = '${eventId}'`);
  await tellAgain();
  await waitFor(() => told.of(eventId).length === 3, { what: 'ai to be told anew', timeoutMs: 15_000 });
  told.leave();
});

test('in an event of matches each member sees the photos in which they appear', async () => {
  const { eventId } = await createEvent(creator);
  const theirs = await publish({ creatorId: creator.accountId, eventId });
  await publish({ creatorId: creator.accountId, eventId });
  await recognise(theirs, [{ photoId: theirs, memberId: member.accountId }]);
  const page = (await get(`/v1/events/${eventId}/photos`, member)).json();
  expect(page.items.map((item: { photoId: string }) => item.photoId)).toEqual([theirs]);
  expect((await get(`/v1/events/${eventId}`, stranger)).json().code).toBe('EVENT_NOT_FOUND');
});

test('in an event of matches nobody is shown those whom only chance took for them', async () => {
  const { eventId } = await createEvent(creator);
  const [near, far] = [
    await publish({ creatorId: creator.accountId, eventId }),
    await publish({ creatorId: creator.accountId, eventId }),
  ];
  await recognise(far, [{ photoId: far, memberId: member.accountId, level: 1, falseMatchRate: 5e-4 }], 5_000);
  expect((await get(`/v1/events/${eventId}`, member)).json().code).toBe('EVENT_NOT_FOUND');
  expect((await get(`/v1/events/${eventId}/photos`, member)).json().code).toBe('EVENT_NOT_FOUND');
  await recognise(near, [{ photoId: near, memberId: member.accountId }]);
  const page = (await get(`/v1/events/${eventId}/photos`, member)).json();
  expect(page.items.map((item: { photoId: string }) => item.photoId)).toEqual([near]);
});

test.each([
  [{ timeZone: 'Mars/Olympus' }, 'TIME_ZONE_UNKNOWN'],
  [{ timeZone: 'VST' }, 'TIME_ZONE_UNKNOWN'],
  [{ timeZone: 'IST' }, 'TIME_ZONE_UNKNOWN'],
  [{ timeZone: '+07:00' }, 'TIME_ZONE_UNKNOWN'],
  [{ endsAt: '2026-04-30T00:00:00Z' }, 'EVENT_ENDS_BEFORE_START'],
  [{ name: ' ' }, 'REQUEST_INVALID'],
  [{ ownerId: 'someone' }, 'REQUEST_INVALID'],
  [{ visibility: 'secret' }, 'REQUEST_INVALID'],
])('an event with %j is refused with %s', async (change, code) => {
  const payload = {
    name: 'Run',
    startsAt: '2026-05-01T00:00:00Z',
    endsAt: '2026-05-01T06:00:00Z',
    timeZone: 'Asia/Jakarta',
    ...change,
  };
  const reply = await send('POST', '/v1/events', creator, payload);
  expect(reply.statusCode).toBe(400);
  expect(reply.json().code).toBe(code);
});

test('an event takes a hundred creators, those who are invited counted; one who belongs to it may be invited again', async () => {
  const { eventId } = await createEvent(creator);
  const events = createClient(EventService, system.peersAs('user')('photo'));
  const add = (creatorId: string) => send('POST', `/v1/events/${eventId}/creators`, creator, { creatorId });
  const join = async () => {
    const creatorId = randomUUID();
    const payload = toBinary(CreatorJoinedSchema, create(CreatorJoinedSchema, { creatorId, displayName: 'Lensa' }));
    await events.deliver({ eventId: randomUUID(), type: CreatorJoinedSchema.typeName, payload });
    return creatorId;
  };
  for (let others = 1; others < 100; others++) expect((await add(await join())).statusCode).toBe(204);
  expect((await add(await join())).json()).toMatchObject({ status: 422, code: 'EVENT_CREATORS_TOO_MANY' });
  expect((await add(creator.accountId)).statusCode).toBe(204);
  expect((await add(randomUUID())).json().code).toBe('CREATOR_NOT_FOUND');
});

test('a member who is no creator makes no event, and becomes able to at once', async () => {
  const newcomer = await signUp();
  const payload = { name: 'Run', startsAt: '2026-05-01T00:00:00Z', endsAt: '2026-05-01T06:00:00Z', timeZone: 'UTC' };
  expect((await send('POST', '/v1/events', newcomer, payload)).json().code).toBe('CREATOR_REQUIRED');
  await send('POST', '/v1/me/creator', newcomer, { displayName: 'New' });
  expect((await send('POST', '/v1/events', newcomer, payload)).statusCode).toBe(201);
});

test('without a token, with a broken or a forged one, nobody is let in', async () => {
  const [header, payload] = creator.token.split('.');
  for (const authorization of ['Bearer x', 'Basic abc', `Bearer ${header}.${payload}.AAAA`, 'Bearer']) {
    const reply = await system.app.inject({ url: '/v1/explore', headers: { authorization } });
    expect(reply.json()).toMatchObject({ status: 401, code: 'TOKEN_INVALID' });
  }
  expect((await get('/v1/explore')).json()).toMatchObject({ status: 401, code: 'TOKEN_MISSING' });
});

test('a creator who makes events without end has to wait, others do not', async () => {
  const [restless, calm] = [await signUp({ creator: true }), await signUp({ creator: true })];
  const payload = { name: 'Run', startsAt: '2026-05-02T00:00:00Z', endsAt: '2026-05-01T06:00:00Z', timeZone: 'UTC' };
  const make = (by: typeof restless) => send('POST', '/v1/events', by, payload);
  for (let count = 0; count < 100; count++) expect((await make(restless)).json().code).toBe('EVENT_ENDS_BEFORE_START');
  expect((await make(restless)).json()).toMatchObject({ status: 429, code: 'TOO_MANY_REQUESTS' });
  expect((await make(calm)).json().code).toBe('EVENT_ENDS_BEFORE_START');
});

test('what a creator hides is gone for visitors within seconds, and for who signs in at once', async () => {
  const { eventId } = await createEvent(creator, { visibility: 'public' });
  const photoId = await publish({ creatorId: creator.accountId, eventId });
  const idsFor = async (viewer?: typeof member) =>
    (await get(`/v1/events/${eventId}/photos`, viewer)).json().items.map((item: { photoId: string }) => item.photoId);
  expect(await idsFor()).toEqual([photoId]);
  expect((await send('PATCH', `/v1/photos/${photoId}`, creator, { hidden: true })).statusCode).toBeLessThan(300);
  expect(await idsFor(member)).toEqual([]);
  expect(await idsFor(creator)).toEqual([photoId]);
  await waitFor(async () => (await idsFor()).length === 0, { what: 'the photo to be gone' });
});

test('the page kept for visitors is that of the event, the link and the size they ask for', async () => {
  const { eventId, shareToken } = await createEvent(creator, { visibility: 'unlisted' });
  for (let count = 0; count < 2; count++) await publish({ creatorId: creator.accountId, eventId });
  const pageOf = (query: string) => get(`/v1/events/${eventId}/photos${query}`);
  const whole = await pageOf(`?share=${shareToken}`);
  expect(whole.json().items).toHaveLength(2);
  expect((await pageOf(`?share=${shareToken}`)).body).toBe(whole.body);
  expect((await pageOf(`?share=${shareToken}&limit=1`)).json().items).toHaveLength(1);
  expect((await pageOf('')).status).toBe(404);
  expect((await pageOf('?share=wrong')).status).toBe(404);
  const second = await pageOf(
    `?share=${shareToken}&limit=1&cursor=${(await pageOf(`?share=${shareToken}&limit=1`)).json().nextCursor}`,
  );
  expect(second.json().items[0].photoId).toBe(whole.json().items[1].photoId);
});

test('visitors are shown what the database holds, whatever is written to where replicas share', async () => {
  const forged = { get: async () => '{"items":[],"nextCursor":null}', set: async () => {}, delete: async () => {} };
  const catalogue = await startCatalogue({ shared: { ...openMemorySharedState(), cache: () => forged } });
  const owner = await catalogue.signUp({ creator: true });
  const { eventId } = await catalogue.createEvent(owner, { visibility: 'public' });
  const photoId = await catalogue.publish({ creatorId: owner.accountId, eventId });
  const { items } = (await catalogue.get(`/v1/events/${eventId}/photos`)).json();
  expect(items).toMatchObject([{ photoId }]);
  await catalogue.system.close();
});
