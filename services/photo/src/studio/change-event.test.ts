import { randomUUID } from 'node:crypto';
import { openDatabase } from '@kilas/platform/db/database.ts';
import { query } from '@kilas/testkit/query.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { afterAll, expect, test } from 'vitest';
import type { PhotoSchema } from '../db/schema.ts';
import { lockOwnedEvent, updateLockedEvent } from '../events/event-store.ts';
import { rereadCaptures } from '../photos/own-photos-store.ts';
import { startCatalogue } from '../testing/start-catalogue.ts';

const { system, register, publish, recognise, createEvent, get, send, signUp } = await startCatalogue();
const db = openDatabase<PhotoSchema>({ url: system.databaseUrls.photo, poolSizeMax: 1, onTrouble: () => {} });
afterAll(async () => {
  await db.destroy();
  await system.close();
});
const creator = await signUp({ creator: true });
const other = await signUp({ creator: true });
const member = await signUp();
const creatorId = creator.accountId;

const change = async (eventId: string, payload: object, by = creator) => {
  const reply = await send('PATCH', `/v1/events/${eventId}`, by, payload);
  return { status: reply.statusCode, ...reply.json() };
};
const remove = async (eventId: string, by = creator) => {
  const reply = await send('DELETE', `/v1/events/${eventId}`, by);
  return reply.statusCode === 204 ? 204 : reply.json().code;
};
const capturedAt = async (photoId: string) => (await get(`/v1/creator/photos/${photoId}`, creator)).json().capturedAt;
const ask = (text: string, values: unknown[] = []) => query(system.databaseUrls.photo, text, values);
const countWaiting = async () =>
  (await ask(`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)).length;

test('the owner of an event changes what it says, and each sees it; what is left out stays', async () => {
  const { eventId } = await createEvent(creator, { place: 'Monas' });
  const facts = { name: 'Night Run', startsAt: '2026-05-02T10:00:00.000Z', endsAt: '2026-05-02T16:00:00.000Z' };
  const rest = { visibility: 'public', retentionDays: 30, timeZone: 'Asia/Makassar' };
  expect(await change(eventId, { ...facts, ...rest })).toMatchObject({
    status: 200,
    ...facts,
    ...rest,
    place: 'Monas',
  });
  expect((await get(`/v1/events/${eventId}`, member)).json()).toMatchObject({ ...facts, ...rest, place: 'Monas' });
  expect(await change(eventId, { place: null })).toMatchObject({ ...facts, place: null });
  expect((await get('/v1/creator/events', creator)).json().items[0]).toMatchObject({ eventId, ...facts });
  await change(eventId, { visibility: 'matches' });
  expect((await get(`/v1/events/${eventId}`, member)).status).toBe(404);
});

test.each([
  [{}, 'REQUEST_INVALID'],
  [{ name: ' ' }, 'REQUEST_INVALID'],
  [{ name: null }, 'REQUEST_INVALID'],
  [{ ownerId: randomUUID() }, 'REQUEST_INVALID'],
  [{ retentionDays: 366 }, 'REQUEST_INVALID'],
  [{ visibility: 'secret' }, 'REQUEST_INVALID'],
  [{ timeZone: 'Mars/Olympus' }, 'TIME_ZONE_UNKNOWN'],
  [{ endsAt: '2026-04-30T00:00:00Z' }, 'EVENT_ENDS_BEFORE_START'],
  [{ startsAt: '2026-05-01T07:00:00Z' }, 'EVENT_ENDS_BEFORE_START'],
  [{ endsAt: '2027-05-03T00:00:00Z' }, 'EVENT_TOO_LONG'],
  [{ startsAt: '2199-01-01T00:00:00Z', endsAt: '2199-01-01T00:00:00Z' }, 'EVENT_TOO_FAR_AHEAD'],
  [{ startsAt: '2200-12-31T00:00:00Z', endsAt: '2200-12-31T00:00:00Z' }, 'REQUEST_INVALID'],
  [{ coverPhotoId: randomUUID() }, 'PHOTO_NOT_FOUND'],
])('a change to %j is refused with %s, and changes nothing', async (payload, code) => {
  const { eventId } = await createEvent(creator);
  const before = (await get(`/v1/events/${eventId}`, creator)).json();
  expect(await change(eventId, payload)).toMatchObject({ code });
  expect((await get(`/v1/events/${eventId}`, creator)).json()).toEqual(before);
});

test('only its owner changes or deletes an event; for everybody else it is not there', async () => {
  const { eventId } = await createEvent(creator, { visibility: 'public' });
  await send('POST', `/v1/events/${eventId}/creators`, creator, { creatorId: other.accountId });
  await send('POST', `/v1/creator/invitations/${eventId}/accept`, other);
  expect(await change(eventId, { name: 'Mine' }, other)).toMatchObject({ status: 404, code: 'EVENT_NOT_FOUND' });
  expect(await change(eventId, { name: 'Mine' }, member)).toMatchObject({ status: 403, code: 'CREATOR_REQUIRED' });
  expect([await remove(eventId, other), await remove(eventId, member)]).toEqual([
    'EVENT_NOT_FOUND',
    'CREATOR_REQUIRED',
  ]);
  expect(await change(randomUUID(), { name: 'Mine' })).toMatchObject({ code: 'EVENT_NOT_FOUND' });
  expect((await get(`/v1/events/${eventId}`, member)).json().name).toBe('City Run');
});

test('the cover is a photo of the event on sale, of whichever creator, and may be taken back', async () => {
  const { eventId } = await createEvent(creator, { visibility: 'public' });
  const cover = async () => (await get(`/v1/events/${eventId}`, member)).json().coverUrl;
  const linkOf = async (photoId: string) => (await get(`/v1/photos/${photoId}`, creator)).json().previewUrl;
  const first = await publish({ creatorId, eventId, capturedLocal: '2026-05-01T07:00:00' });
  const second = await publish({ creatorId, eventId, capturedLocal: '2026-05-01T08:00:00' });
  expect(await change(eventId, { coverPhotoId: second })).toMatchObject({ coverUrl: await linkOf(second) });
  expect(await cover()).toBe(await linkOf(second));
  await change(eventId, { coverPhotoId: null });
  expect(await cover()).toBe(await linkOf(first));
  await send('PATCH', `/v1/photos/${first}`, creator, { hidden: true });
  expect(await change(eventId, { coverPhotoId: first })).toMatchObject({ status: 422, code: 'PHOTO_NOT_ON_SALE' });
  const apart = await publish({ creatorId });
  expect(await change(eventId, { coverPhotoId: apart })).toMatchObject({ status: 404, code: 'PHOTO_NOT_FOUND' });
});

test('with another zone or another end the photos of an event are read anew, and stand in lists by their new time', async () => {
  const { eventId } = await createEvent(creator, { timeZone: 'Asia/Jakarta' });
  const [local, offset, later] = [
    await publish({ creatorId, eventId, capturedLocal: '2026-05-01T07:30:00' }),
    await publish({ creatorId, eventId, capturedLocal: '2026-05-01T07:30:00', capturedOffset: '+07:00' }),
    // More than a day after the event.
    await publish({ creatorId, eventId, capturedLocal: '2026-05-02T20:00:00' }),
  ];
  const elsewhere = await publish({ creatorId, capturedLocal: '2026-05-01T07:30:00', timeZone: 'Asia/Jakarta' });
  for (const photoId of [local, offset, later]) await recognise(photoId, [{ photoId, memberId: member.accountId }]);
  const times = async () => Promise.all([local, offset, later, elsewhere].map(capturedAt));
  const [inJakarta, inMakassar] = ['2026-05-01T00:30:00.000Z', '2026-04-30T23:30:00.000Z'];
  expect(await times()).toEqual([inJakarta, inJakarta, '2026-05-01T06:00:00.000Z', inJakarta]);
  await change(eventId, { timeZone: 'Asia/Makassar' });
  expect(await times()).toEqual([inMakassar, inJakarta, '2026-05-01T06:00:00.000Z', inJakarta]);
  const explored = (await get(`/v1/explore?eventId=${eventId}`, member)).json().items;
  expect(explored.map(({ photoId }: { photoId: string }) => photoId)).toEqual([later, offset, local]);
  await change(eventId, { endsAt: '2026-05-01T13:00:00Z' });
  expect(await times()).toEqual([inMakassar, inJakarta, '2026-05-02T12:00:00.000Z', inJakarta]);
  await change(eventId, { timeZone: 'Asia/Jakarta', endsAt: '2026-05-01T06:00:00Z' });
  expect(await times()).toEqual([inJakarta, inJakarta, '2026-05-01T06:00:00.000Z', inJakarta]);
});

test('a photo that is published, or moved into the event, while its zone changes is read in the new one', async () => {
  const { eventId } = await createEvent(creator, { timeZone: 'Asia/Jakarta' });
  const capturedLocal = '2026-05-01T07:30:00';
  const raw = await register({ creatorId, eventId });
  const apart = await publish({ creatorId, capturedLocal, timeZone: 'Asia/Tokyo' });
  const waiting = await db.transaction().execute(async (tx) => {
    await lockOwnedEvent(tx, { eventId, ownerId: creatorId });
    await updateLockedEvent(tx, eventId, { time_zone: 'Asia/Makassar' });
    await rereadCaptures(tx, eventId, new Date());
    const publishing = publish({ creatorId, photoId: raw, capturedLocal });
    const moving = send('PATCH', `/v1/photos/${apart}`, creator, { eventId });
    await waitFor(async () => (await countWaiting()) === 2, { what: 'both to wait' });
    return { publishing, moving };
  });
  await Promise.all([waiting.publishing, waiting.moving]);
  for (const photoId of [raw, apart]) expect(await capturedAt(photoId)).toBe('2026-04-30T23:30:00.000Z');
});

test('the times of photos are read anew thirty times an hour at most; other changes go on', async () => {
  const owner = await signUp({ creator: true });
  const { eventId } = await createEvent(owner);
  for (let turn = 0; turn < 30; turn++) {
    const timeZone = turn % 2 === 0 ? 'Asia/Makassar' : 'Asia/Jakarta';
    expect((await change(eventId, { timeZone }, owner)).status).toBe(200);
  }
  for (const times of [{ timeZone: 'Asia/Makassar' }, { endsAt: '2026-05-01T13:00:00Z' }])
    expect(await change(eventId, times, owner)).toMatchObject({ status: 429, code: 'TOO_MANY_REQUESTS' });
  expect(await change(eventId, { name: 'Run' }, owner)).toMatchObject({ status: 200, timeZone: 'Asia/Jakarta' });
});

test('an event with more than 10,000 photos keeps its zone and its end, and takes every other change', async () => {
  const { eventId } = await createEvent(creator, { visibility: 'public' });
  await ask(
    `insert into photos (photo_id, creator_id, event_id, title, description, price_idr, sale, sha256, size_bytes, format, original_key,
        status, preview_key, thumbnail_key, captured_at, uploaded_at)
      select gen_random_uuid(), $1, $2, '', '', 1, 'shared', 'a', 1, 'jpeg', 'k', 'on_sale', 'p', 't', now(), now()
      from generate_series(1, 10000)`,
    [creatorId, eventId],
  );
  expect(await change(eventId, { timeZone: 'Asia/Makassar' })).toMatchObject({ status: 200 });
  await publish({ creatorId, eventId });
  for (const payload of [{ timeZone: 'Asia/Jakarta' }, { endsAt: '2026-05-01T07:00:00Z' }])
    expect(await change(eventId, payload)).toMatchObject({ status: 422, code: 'EVENT_TIMES_FIXED' });
  const same = { timeZone: 'Asia/Makassar', endsAt: '2026-05-01T06:00:00Z' };
  expect(await change(eventId, { name: 'Large Run', ...same })).toMatchObject({ status: 200, name: 'Large Run' });
});

test('ai is told how long faces are kept when the end or the days change, and only then', async () => {
  const { eventId } = await createEvent(creator, { retentionDays: 10 });
  const untold = async () =>
    (
      await ask(`select count(*)::int as count from outbox_events where key = $1 and type like '%EventRetentionSet'`, [
        eventId,
      ])
    )[0]?.count;
  const told = async () => (await ask('select faces_until_told from events where event_id = $1', [eventId]))[0];
  const first = await untold();
  await change(eventId, { name: 'Dawn Run' });
  expect(await untold()).toBe(first);
  await change(eventId, { retentionDays: 20 });
  expect(await untold()).toBe(Number(first) + 1);
  expect(await told()).toEqual({ faces_until_told: new Date('2026-05-21T06:00:00Z') });
});

test('an event without photos is deleted with its invitations; one with photos in any state is not', async () => {
  const { eventId } = await createEvent(creator);
  await send('POST', `/v1/events/${eventId}/creators`, creator, { creatorId: other.accountId });
  const photoId = await publish({ creatorId, eventId });
  expect(await remove(eventId)).toBe('EVENT_NOT_EMPTY');
  await recognise(photoId, [], 3);
  await ask(`update photos set status = 'removed' where photo_id = $1`, [photoId]);
  expect((await send('DELETE', `/v1/events/${eventId}`, creator)).json()).toMatchObject({ status: 409 });
  await ask(`update photos set status = 'on_sale' where photo_id = $1`, [photoId]);
  await send('PATCH', `/v1/photos/${photoId}`, creator, { eventId: null });
  expect(await remove(eventId)).toBe(204);
  expect(await remove(eventId)).toBe('EVENT_NOT_FOUND');
  expect((await get(`/v1/events/${eventId}`, creator)).status).toBe(404);
  expect((await get('/v1/creator/invitations', other)).json().items).toEqual([]);
  expect((await get(`/v1/creator/photos/${photoId}`, creator)).json()).toMatchObject({
    eventId: null,
    status: 'on_sale',
  });
  for (const [table, column] of [
    ['event_creators', 'event_id'],
    ['galleries', 'gallery_id'],
    ['gallery_totals', 'gallery_id'],
    ['photos_by_state', 'gallery_id'],
  ])
    expect(await ask(`select from ${table} where ${column} = $1`, [eventId])).toEqual([]);
});

test('a photo that comes while its event is deleted finds no event', async () => {
  const { eventId } = await createEvent(creator);
  const photoId = await publish({ creatorId });
  const { registering, moving } = await db.transaction().execute(async (tx) => {
    await tx.selectFrom('events').select('event_id').where('event_id', '=', eventId).forUpdate().execute();
    const registering = register({ creatorId, eventId }).catch((error: Error) => error.message);
    const moving = send('PATCH', `/v1/photos/${photoId}`, creator, { eventId });
    await waitFor(async () => (await countWaiting()) === 2, { what: 'both to wait for the event' });
    for (const table of ['event_creators', 'events'] as const)
      await tx.deleteFrom(table).where('event_id', '=', eventId).execute();
    return { registering, moving };
  });
  expect(await registering).toContain('EVENT_NOT_FOUND');
  expect((await moving).json().code).toBe('EVENT_NOT_FOUND');
});
