import { randomUUID } from 'node:crypto';
import { fromBinary } from '@bufbuild/protobuf';
import { PhotosMovedSchema } from '@kilas/contracts/gen/kilas/photo/v1/events_pb.js';
import { EventService } from '@kilas/contracts/gen/kilas/platform/v1/event_service_pb.js';
import { query } from '@kilas/testkit/query.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { afterAll, expect, test } from 'vitest';
import { startCatalogue } from '../testing/start-catalogue.ts';

const { system, photos, publish, register, recognise, createEvent, get, send, signUp } = await startCatalogue();
const heard: { photoIds: string[]; eventId: string | undefined }[] = [];
const leave = system.network.serve('ai', {
  interceptors: [],
  routes: (router) => {
    router.service(EventService, {
      deliver: ({ type, payload }) => {
        if (type !== PhotosMovedSchema.typeName) return {};
        const { photoIds, eventId } = fromBinary(PhotosMovedSchema, payload);
        heard.push({ photoIds, eventId });
        return {};
      },
    });
  },
});
afterAll(() => {
  leave();
  return system.close();
});
const creator = await signUp({ creator: true });
const other = await signUp({ creator: true });
const { accountId: creatorId } = creator;

type Own = { photoId: string; eventId: string | null; capturedAt: string; capturedFrom: { zone: string } | null };
const ownPhoto = async (photoId: string): Promise<Own | undefined> =>
  (await get('/v1/creator/photos?limit=100', creator)).json().items.find((item: Own) => item.photoId === photoId);
const move = (photoIds: string[], eventId: string | null, who = creator) =>
  send('POST', '/v1/creator/photos/move', who, { photoIds, eventId });
const eventOf = async (event: object = {}, who = creator) => (await createEvent(who, event)).eventId;

async function facesOf(galleryId: string): Promise<number> {
  const text = 'select coalesce(sum(face_count), 0)::int as n from galleries where gallery_id = $1';
  return Number((await query(system.databaseUrls.photo, text, [galleryId]))[0]?.n);
}

test('a photo goes into another event and out of all, and its clock is read in the zone of where it is', async () => {
  const [jakarta, jayapura] = [await eventOf(), await eventOf({ timeZone: 'Asia/Jayapura' })];
  const clock = { capturedLocal: '2026-05-01T07:30:00', timeZone: 'Asia/Makassar' };
  const photoId = await publish({ creatorId, eventId: jakarta, ...clock });
  expect((await send('PATCH', `/v1/photos/${photoId}`, creator, { eventId: jayapura })).statusCode).toBe(204);
  expect(await ownPhoto(photoId)).toMatchObject({ eventId: jayapura, capturedAt: '2026-04-30T22:30:00.000Z' });
  await send('PATCH', `/v1/photos/${photoId}`, creator, { eventId: null, title: 'Alone' });
  expect(await ownPhoto(photoId)).toMatchObject({
    eventId: null,
    title: 'Alone',
    capturedAt: '2026-04-30T23:30:00.000Z',
    capturedFrom: { zone: 'creator' },
  });
  await move([photoId], jakarta);
  expect(await ownPhoto(photoId)).toMatchObject({ eventId: jakarta, capturedAt: '2026-05-01T00:30:00.000Z' });
});

test('a clock with an offset, one that says nothing, and a photo that has none yet stay as they are', async () => {
  const [from, to] = [await eventOf(), await eventOf({ timeZone: 'Asia/Jayapura' })];
  const offset = { capturedLocal: '2026-05-01T07:30:00', capturedOffset: '+09:00' };
  const dated = await publish({ creatorId, eventId: from, ...offset });
  const plain = await publish({ creatorId, eventId: from });
  const raw = await register({ creatorId, eventId: from, timeZone: 'Asia/Makassar' });
  const timesOf = async () =>
    (await Promise.all([dated, plain, raw].map(ownPhoto))).map((photo) => [photo?.capturedAt, photo?.capturedFrom]);
  const before = await timesOf();
  await move([dated, plain, raw], to);
  expect(await timesOf()).toEqual(before);
  await photos.publishPhoto({
    photoId: raw,
    width: 1,
    height: 1,
    previewKey: `00/${'0'.repeat(40)}`,
    thumbnailKey: `11/${'1'.repeat(40)}`,
    capturedLocal: '2026-05-01T07:30:00',
  });
  expect(await ownPhoto(raw)).toMatchObject({
    capturedAt: '2026-04-30T22:30:00.000Z',
    capturedFrom: { zone: 'event' },
  });
});

test('many photos move together, each answered for itself; what is not mine or not there keeps none of the others', async () => {
  const [from, to] = [await eventOf(), await eventOf()];
  const mine = [await publish({ creatorId, eventId: from }), await publish({ creatorId, eventId: from })];
  const there = await publish({ creatorId, eventId: to });
  const strange = await publish({ creatorId: other.accountId });
  const missing = randomUUID();
  const reply = await move([...mine, there, strange, missing, mine[0] ?? ''], to);
  expect(reply.statusCode).toBe(207);
  const refused = { outcome: 'refused', problem: { status: 404, code: 'PHOTO_NOT_FOUND' } };
  expect(reply.json().items).toMatchObject([
    { photoId: mine[0], outcome: 'moved' },
    { photoId: mine[1], outcome: 'moved' },
    { photoId: there, outcome: 'unchanged' },
    { photoId: strange, ...refused },
    { photoId: missing, ...refused },
  ]);
  expect((await get(`/v1/creator/photos?eventId=${to}`, creator)).json().items).toHaveLength(3);
  const again = await move(mine, to);
  expect([again.statusCode, again.json().items[0].outcome]).toEqual([200, 'unchanged']);
});

test('photos go into events alone in which their creator takes part, and nobody else moves them', async () => {
  const foreign = await eventOf({}, other);
  const photoId = await publish({ creatorId });
  for (const eventId of [foreign, randomUUID()]) {
    expect((await move([photoId], eventId)).json()).toMatchObject({ status: 404, code: 'EVENT_NOT_FOUND' });
    expect((await send('PATCH', `/v1/photos/${photoId}`, creator, { eventId, priceIdr: 1 })).statusCode).toBe(404);
  }
  expect(await ownPhoto(photoId)).toMatchObject({ eventId: null, priceIdr: 50_000 });
  expect((await send('PATCH', `/v1/photos/${photoId}`, other, { eventId: foreign })).json().code).toBe(
    'PHOTO_NOT_FOUND',
  );
  await send('POST', `/v1/events/${foreign}/creators`, other, { creatorId });
  expect((await move([photoId], foreign)).json().code).toBe('EVENT_NOT_FOUND');
  await send('POST', `/v1/creator/invitations/${foreign}/accept`, creator);
  expect((await move([photoId], foreign)).statusCode).toBe(200);
  expect((await move([photoId], null, await signUp())).statusCode).toBe(403);
});

test.each([
  { photoIds: [], eventId: null },
  { photoIds: Array.from({ length: 501 }, () => randomUUID()), eventId: null },
  { photoIds: ['one'], eventId: null },
  { photoIds: [randomUUID()] },
  { photoIds: [randomUUID()], eventId: 'none' },
  { photoIds: [randomUUID()], eventId: null, creatorId },
])('a move that is none is refused', async (body) => {
  expect((await send('POST', '/v1/creator/photos/move', creator, body)).statusCode).toBe(400);
});

test('who may see a photo follows its event; carts, answers and what was shown of a small gallery stay right', async () => {
  const [open, closed] = [await eventOf({ visibility: 'public' }), await eventOf()];
  const [found, keeper, visitor] = [await signUp(), await signUp(), await signUp()];
  const photoId = await publish({ creatorId, eventId: open });
  await recognise(photoId, [{ photoId, memberId: found.accountId }], 3);
  expect((await send('PUT', `/v1/cart/${photoId}`, keeper)).statusCode).toBe(204);
  await send('PUT', `/v1/photos/${photoId}/match`, found, { answer: 'confirmed' });
  await move([photoId], closed);
  expect((await get(`/v1/photos/${photoId}`, visitor)).status).toBe(404);
  expect((await get(`/v1/events/${open}/photos`, visitor)).json().items).toEqual([]);
  for (const member of [found, keeper]) {
    expect((await get(`/v1/photos/${photoId}`, member)).json()).toMatchObject({
      event: { eventId: closed },
      buyable: true,
    });
  }
  expect((await get('/v1/cart', keeper)).json().items).toHaveLength(1);
  expect((await get(`/v1/explore?eventId=${closed}`, found)).json().items).toMatchObject([
    { photoId, match: { answer: 'confirmed' } },
  ]);
  expect((await get(`/v1/explore?eventId=${open}`, found)).json().items).toEqual([]);
});

test('the faces of a gallery go with the photo, whatever is recognised or moved at the same time', async () => {
  const [one, two] = [await eventOf(), await eventOf()];
  const ids = await Promise.all(Array.from({ length: 6 }, () => publish({ creatorId, eventId: one })));
  for (const photoId of ids) await recognise(photoId, [], 2);
  expect([await facesOf(one), await facesOf(two)]).toEqual([12, 0]);
  await move(ids.slice(0, 3), two);
  expect([await facesOf(one), await facesOf(two)]).toEqual([6, 6]);
  await Promise.all([
    move(ids, two),
    move([...ids].reverse(), one),
    move(ids, null),
    ...ids.map((photoId) => recognise(photoId, [], 5)),
    ...ids.map((photoId) => send('PATCH', `/v1/photos/${photoId}`, creator, { eventId: two })),
  ]);
  const places = (await Promise.all(ids.map(ownPhoto))).map((photo) => photo?.eventId);
  const count = (eventId: string | null) => places.filter((place) => place === eventId).length * 5;
  expect([await facesOf(one), await facesOf(two)]).toEqual([count(one), count(two)]);
  await move(ids, one);
  expect([await facesOf(one), await facesOf(two)]).toEqual([30, 0]);
});

test('ai is told of each move in its order, and of no photo that stayed', async () => {
  const [one, two] = [await eventOf(), await eventOf()];
  const [moving, staying] = [await publish({ creatorId, eventId: one }), await publish({ creatorId, eventId: two })];
  await move([moving, staying], two);
  await move([moving], null);
  await send('PATCH', `/v1/photos/${moving}`, creator, { eventId: one });
  const of = (photoId: string) =>
    heard.filter(({ photoIds }) => photoIds.includes(photoId)).map(({ eventId }) => eventId);
  await waitFor(() => of(moving).length === 3, { what: 'ai to hear of three moves' });
  expect(of(moving)).toEqual([two, undefined, one]);
  expect(of(staying)).toEqual([]);
});

test('a photo that was moved is registered again where it is', async () => {
  const [from, to] = [await eventOf(), await eventOf()];
  const photoId = await register({ creatorId, eventId: from });
  await photos.failPhoto({ photoId, reason: 'IMAGE_BROKEN' });
  await move([photoId], to);
  await register({ creatorId, photoId, eventId: from });
  expect(await ownPhoto(photoId)).toMatchObject({ eventId: to, status: 'raw' });
});

test('upload reads a photo as its creator has made it, and nobody else’s', async () => {
  const eventId = await eventOf();
  const photoId = await publish({ creatorId, title: 'Before' });
  await send('PATCH', `/v1/photos/${photoId}`, creator, { eventId, title: 'After', priceIdr: 1, hidden: true });
  expect(await photos.readPhoto({ photoId, creatorId })).toMatchObject({
    status: 'on_sale',
    eventId,
    title: 'After',
    priceIdr: 1n,
    sale: 'shared',
    isHidden: true,
  });
  await expect(photos.readPhoto({ photoId, creatorId: other.accountId })).rejects.toThrow(/PHOTO_NOT_FOUND/);
});
