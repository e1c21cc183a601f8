import { randomUUID } from 'node:crypto';
import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { createClient } from '@connectrpc/connect';
import { PhotosDeletedSchema } from '@kilas/contracts/gen/kilas/photo/v1/events_pb.js';
import { EventService } from '@kilas/contracts/gen/kilas/platform/v1/event_service_pb.js';
import {
  PhotosReservedSchema,
  PhotosSoldSchema,
  ReservationEndedSchema,
} from '@kilas/contracts/gen/kilas/transaction/v1/events_pb.js';
import { refusalOf } from '@kilas/platform/problems/refusal.ts';
import { query } from '@kilas/testkit/query.ts';
import type { Member } from '@kilas/testkit/sign-up.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { startCatalogue } from '../testing/start-catalogue.ts';

const catalogue = await startCatalogue();
const { system, photos, matches, sales, publish, register, recognise, matchOf, createEvent, get, send, signUp } =
  catalogue;
const told = { ai: [] as string[][], upload: [] as string[][] };
const leave = (['ai', 'upload'] as const).map((name) =>
  system.network.serve(name, {
    interceptors: [],
    routes: (router) => {
      router.service(EventService, {
        deliver: ({ type, payload }) => {
          if (type === PhotosDeletedSchema.typeName) {
            told[name].push(fromBinary(PhotosDeletedSchema, payload).photoIds);
          }
          return {};
        },
      });
    },
  }),
);
afterAll(() => {
  for (const end of leave) end();
  return system.close();
});
const creator = await signUp({ creator: true });
const other = await signUp({ creator: true });
const { accountId: creatorId } = creator;
const url = system.databaseUrls.photo;

const remove = (photoIds: string[], who: Member = creator) =>
  send('POST', '/v1/creator/photos/delete', who, { photoIds });
/** `deleted`, or why not. */
async function removeOne(photoId: string): Promise<string> {
  const [item] = (await remove([photoId])).json().items;
  return item.problem?.code ?? item.outcome;
}

const events = createClient(EventService, system.peersAs('transaction')('photo'));
function tell<Schema extends typeof PhotosReservedSchema | typeof ReservationEndedSchema | typeof PhotosSoldSchema>(
  schema: Schema,
  message: MessageInitShape<Schema>,
) {
  return events.deliver({
    eventId: randomUUID(),
    type: schema.typeName,
    payload: toBinary(schema, create(schema, message)),
  });
}

const inAnHour = () => new Date(Date.now() + 3_600_000);
async function reserve(photoId: string, buyer: Member, orderId: string = randomUUID()): Promise<string> {
  await tell(PhotosReservedSchema, {
    orderId,
    buyerId: buyer.accountId,
    photos: [{ photoId, sale: 'shared', creatorId }],
    expiresAt: timestampFromDate(inAnHour()),
  });
  return orderId;
}

const tables = ['photos', 'matches', 'collections', 'reserved_photos', 'held_photos', 'bought_photos'];
async function rowsOf(photoId: string): Promise<number> {
  const counts = tables.map((table) => `(select count(*) from ${table} where photo_id = $1)`).join(' + ');
  return Number((await query(url, `select (${counts})::int as n`, [photoId]))[0]?.n);
}

async function facesOf(galleryId: string): Promise<number> {
  const text = 'select coalesce(sum(face_count), 0)::int as n from galleries where gallery_id = $1';
  return Number((await query(url, text, [galleryId]))[0]?.n);
}

const reasonOf = (call: Promise<unknown>) =>
  call.then(
    () => 'no refusal',
    (error: unknown) => refusalOf(error)?.reason,
  );

test('a photo goes with its matches, its places in lists and its faces in the gallery; ai and upload are told, once', async () => {
  const { eventId } = await createEvent(creator, { visibility: 'public' });
  const [doomed, kept] = [await publish({ creatorId, eventId }), await publish({ creatorId, eventId })];
  const member = await signUp();
  for (const photoId of [doomed, kept]) {
    await recognise(photoId, [{ photoId, memberId: member.accountId }], 3);
    for (const list of ['cart', 'wishlist', 'favourites']) await send('PUT', `/v1/${list}/${photoId}`, member);
    await send('PUT', `/v1/photos/${photoId}/match`, member, { answer: 'confirmed' });
    const orderId = await reserve(photoId, member);
    const until = timestampFromDate(inAnHour());
    await tell(ReservationEndedSchema, { orderId, buyerId: member.accountId, waits: [{ photoId, until }] });
  }
  expect([await rowsOf(doomed), await rowsOf(kept), await facesOf(eventId)]).toEqual([6, 6, 6]);
  const reply = await remove([doomed]);
  expect([reply.statusCode, reply.json()]).toEqual([200, { items: [{ photoId: doomed, outcome: 'deleted' }] }]);
  expect([await rowsOf(doomed), await rowsOf(kept), await facesOf(eventId)]).toEqual([0, 6, 3]);
  expect((await get(`/v1/photos/${doomed}`, creator)).status).toBe(404);
  expect((await get('/v1/cart', member)).json().items).toMatchObject([{ photoId: kept }]);
  const again = await remove([doomed.toUpperCase(), kept]);
  expect(again.json().items.map(({ outcome }: { outcome: string }) => outcome)).toEqual(['deleted', 'deleted']);
  await waitFor(() => told.ai.length === 2 && told.upload.length === 2, { what: 'ai and upload to hear' });
  for (const name of ['ai', 'upload'] as const) expect(told[name]).toEqual([[doomed], [kept]]);
});

test('photos are deleted in whatever state they are, each answered for itself', async () => {
  const raw = await register({ creatorId });
  const failed = await register({ creatorId });
  await photos.failPhoto({ photoId: failed, reason: 'IMAGE_BROKEN' });
  const hidden = await publish({ creatorId });
  await send('PATCH', `/v1/photos/${hidden}`, creator, { hidden: true });
  const removed = await publish({ creatorId });
  await query(url, `update photos set status = 'removed' where photo_id = $1`, [removed]);
  const strange = await publish({ creatorId: other.accountId });
  const missing = randomUUID();
  const reply = await remove([raw, failed, hidden, removed, strange, missing]);
  expect(reply.statusCode).toBe(207);
  const refused = { outcome: 'refused', problem: { status: 404, code: 'PHOTO_NOT_FOUND' } };
  expect(reply.json().items).toMatchObject([
    { photoId: raw, outcome: 'deleted' },
    { photoId: failed, outcome: 'deleted' },
    { photoId: hidden, outcome: 'deleted' },
    { photoId: removed, ...refused },
    { photoId: strange, ...refused },
    { photoId: missing, ...refused },
  ]);
  for (const photoId of [removed, strange]) expect(await rowsOf(photoId)).toBe(1);
  expect((await remove([raw], other)).json().items).toMatchObject([{ photoId: raw, ...refused }]);
});

test('a photo that somebody bought or is paying for stays, and one that somebody only waits for goes', async () => {
  const buyer = await signUp();
  const [sold, soldOut, reserved, ended, overdue] = await Promise.all(
    [1, 2, 3, 4, 5].map(() => publish({ creatorId })),
  );
  if (!(sold && soldOut && reserved && ended && overdue)) throw new Error('no photos');
  const orderId = randomUUID();
  await tell(PhotosSoldSchema, { orderId, buyerId: buyer.accountId, photos: [{ photoId: sold, sale: 'shared' }] });
  // Who bought it is not known any more.
  await query(url, 'update photos set is_sold_out = true where photo_id = $1', [soldOut]);
  await reserve(reserved, buyer);
  await tell(ReservationEndedSchema, { orderId: await reserve(ended, buyer), buyerId: buyer.accountId, waits: [] });
  await reserve(overdue, buyer);
  await query(url, `update reserved_photos set held_until = now() - interval '1 second' where photo_id = $1`, [
    overdue,
  ]);
  const reply = await remove([sold, soldOut, reserved, ended, overdue]);
  expect(reply.json().items).toMatchObject([
    { photoId: sold, outcome: 'refused', problem: { status: 422, code: 'PHOTO_SOLD' } },
    { photoId: soldOut, outcome: 'refused', problem: { status: 422, code: 'PHOTO_SOLD' } },
    { photoId: reserved, outcome: 'refused', problem: { status: 409, code: 'PHOTO_RESERVED' } },
    { photoId: ended, outcome: 'deleted' },
    { photoId: overdue, outcome: 'deleted' },
  ]);
  for (const photoId of [ended, overdue]) expect(await rowsOf(photoId)).toBe(0);
});

test('what comes late for a deleted photo does not bring it back', async () => {
  const photoId = await publish({ creatorId });
  const there = await publish({ creatorId });
  const member = await signUp();
  expect(await removeOne(photoId)).toBe('deleted');
  const keys = { previewKey: `00/${'0'.repeat(40)}`, thumbnailKey: `11/${'1'.repeat(40)}` };
  const found = [photoId, there].map((id) => matchOf({ photoId: id, memberId: member.accountId }));
  expect(await reasonOf(register({ creatorId, photoId }))).toBe('PHOTO_DELETED');
  expect(await reasonOf(photos.readPhoto({ photoId, creatorId }))).toBe('PHOTO_DELETED');
  expect(await reasonOf(photos.publishPhoto({ photoId, width: 1, height: 1, ...keys }))).toBe('PHOTO_NOT_FOUND');
  expect(await reasonOf(photos.failPhoto({ photoId, reason: 'IMAGE_BROKEN' }))).toBe('PHOTO_NOT_FOUND');
  expect(await reasonOf(recognise(photoId, [{ photoId, memberId: member.accountId }]))).toBe('PHOTO_NOT_FOUND');
  expect(await reasonOf(matches.failRecognition({ photoId, reason: 'IMAGE_BROKEN' }))).toBe('no refusal');
  expect(await reasonOf(matches.recordMatches({ matches: found }))).toBe('no refusal');
  expect([await rowsOf(photoId), await rowsOf(there)]).toEqual([0, 2]);
});

test('a photo is held for an order until its end is known, and a deleted one is held for none', async () => {
  const buyer = await signUp();
  const ends: ((orderId: string, photoId: string) => Promise<unknown>)[] = [
    (orderId) => tell(ReservationEndedSchema, { orderId, buyerId: buyer.accountId, waits: [] }),
    () => query(url, `update held_photos set held_until = now() - interval '1 second'`),
  ];
  for (const end of ends) {
    const [photoId, orderId, missing] = [await publish({ creatorId }), randomUUID(), randomUUID()];
    for (const _ of [1, 2]) {
      expect(await sales.holdPhotos({ orderId, photoIds: [missing, photoId] })).toMatchObject({
        missingPhotoIds: [missing],
      });
    }
    expect(await removeOne(photoId)).toBe('PHOTO_RESERVED');
    await end(orderId, photoId);
    expect(await removeOne(photoId)).toBe('deleted');
    expect(await sales.holdPhotos({ orderId, photoIds: [photoId] })).toMatchObject({ missingPhotoIds: [photoId] });
    expect(await rowsOf(photoId)).toBe(0);
  }
  const [reserved, sold] = [await publish({ creatorId }), await publish({ creatorId })];
  for (const photoId of [reserved, sold]) {
    const orderId = randomUUID();
    await sales.holdPhotos({ orderId, photoIds: [photoId] });
    if (photoId === reserved) await reserve(photoId, buyer, orderId);
    else await tell(PhotosSoldSchema, { orderId, buyerId: buyer.accountId, photos: [{ photoId, sale: 'shared' }] });
    expect(await query(url, 'select from held_photos where photo_id = $1', [photoId])).toEqual([]);
  }
});

/** Runs something while a transaction of ours has done something and not committed it. */
async function during<T>(
  text: string,
  values: unknown[],
  run: (commit: () => Promise<void>) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('begin');
    await client.query(text, values);
    return await run(async () => void (await client.query('commit')));
  } finally {
    await client.end();
  }
}

async function waitForWaiter(): Promise<void> {
  const text = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  await waitFor(async () => (await query(url, text)).length > 0, { what: 'somebody to wait for a lock' });
}

test('a hold that is about to commit is waited for, and refuses the deletion', async () => {
  const photoId = await publish({ creatorId });
  const hold = `insert into held_photos (order_id, photo_id, held_until) values ($1, $2, now() + interval '1 hour')`;
  const outcome = await during(hold, [randomUUID(), photoId], async (commit) => {
    const removing = removeOne(photoId);
    await waitForWaiter();
    await commit();
    return removing;
  });
  expect(outcome).toBe('PHOTO_RESERVED');
});

test('a deletion that is about to commit is waited for: no hold, no match, no list has the photo afterwards', async () => {
  const member = await signUp();
  const { eventId } = await createEvent(creator, { visibility: 'public' });
  const acts: ((photoId: string) => Promise<unknown>)[] = [
    (photoId) => sales.holdPhotos({ orderId: randomUUID(), photoIds: [photoId] }),
    (photoId) => matches.recordMatches({ matches: [matchOf({ photoId, memberId: member.accountId })] }),
    (photoId) => reasonOf(recognise(photoId, [{ photoId, memberId: member.accountId }])),
    async (photoId) => expect((await send('PUT', `/v1/cart/${photoId}`, member)).statusCode).toBe(404),
  ];
  for (const act of acts) {
    const photoId = await publish({ creatorId, eventId });
    await during('delete from photos where photo_id = $1', [photoId], async (commit) => {
      const acting = act(photoId);
      await waitForWaiter();
      await commit();
      await acting;
    });
    expect(await rowsOf(photoId)).toBe(0);
  }
});

test('photos are deleted once whatever else happens to them at the same moment, and the counts stay right', async () => {
  const { eventId } = await createEvent(creator, { visibility: 'public' });
  const member = await signUp();
  for (let round = 0; round < 3; round++) {
    const ids = await Promise.all(Array.from({ length: 6 }, () => publish({ creatorId, eventId })));
    const kept = await publish({ creatorId, eventId });
    for (const photoId of ids.slice(3)) await recognise(photoId, [{ photoId, memberId: member.accountId }], 2);
    const found = [...ids, kept].map((photoId) => matchOf({ photoId, memberId: member.accountId }));
    const statuses = await Promise.all([
      remove(ids).then(({ statusCode }) => statusCode),
      remove([...ids].reverse()).then(({ statusCode }) => statusCode),
      matches.recordMatches({ matches: found }).then(() => 200),
      ...ids.map((photoId) => send('PUT', `/v1/wishlist/${photoId}`, member).then(({ statusCode }) => statusCode)),
      ...ids.map((photoId) =>
        reasonOf(recognise(photoId, [{ photoId, memberId: member.accountId }], 5)).then(() => 200),
      ),
      send('POST', '/v1/creator/photos/move', creator, { photoIds: ids, eventId: null }).then(() => 200),
    ]);
    expect(statuses.filter((status) => status >= 500)).toEqual([]);
    for (const photoId of ids) expect(await rowsOf(photoId)).toBe(0);
    expect([await facesOf(eventId), await facesOf(creatorId)]).toEqual([0, 0]);
    expect(await rowsOf(kept)).toBe(2);
  }
});

test.each([
  { photoIds: [] },
  { photoIds: Array.from({ length: 501 }, () => randomUUID()) },
  { photoIds: ['one'] },
  { photoIds: [randomUUID()], creatorId },
])('a deletion that is none is refused', async (body) => {
  expect((await send('POST', '/v1/creator/photos/delete', creator, body)).statusCode).toBe(400);
});

test('a member who is no creator deletes nothing', async () => {
  const photoId = await publish({ creatorId });
  expect((await remove([photoId], await signUp())).statusCode).toBe(403);
  expect(await rowsOf(photoId)).toBe(1);
});
