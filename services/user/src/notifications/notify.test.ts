import { create, type DescMessage, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { Code, createClient } from '@connectrpc/connect';
import {
  EventCreatorChangedSchema,
  MatchesFoundSchema,
  PhotoFailedSchema,
} from '@kilas/contracts/gen/kilas/photo/v1/events_pb.js';
import { EventService } from '@kilas/contracts/gen/kilas/platform/v1/event_service_pb.js';
import { PhotosSoldSchema } from '@kilas/contracts/gen/kilas/transaction/v1/events_pb.js';
import { FacecamFailedSchema, FacecamsOutdatedSchema } from '@kilas/contracts/gen/kilas/upload/v1/events_pb.js';
import { newId } from '@kilas/platform/process/ids.ts';
import { drivenClock } from '@kilas/testkit/drive-clock.ts';
import { type Member, signUpMember } from '@kilas/testkit/sign-up.ts';
import { startSystem, type TestSystem } from '@kilas/testkit/start-system.ts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';

const clock = drivenClock();
let system: TestSystem;
let member: Member;
beforeAll(async () => {
  system = await startSystem({ services: ['user'], clock });
});
beforeEach(async () => {
  member = await signUpMember(system, { consent: true });
});
afterAll(() => system.close());

async function deliver<Event extends DescMessage>(
  publisher: 'photo' | 'transaction' | 'upload',
  event: Event,
  message: MessageInitShape<Event>,
  eventId = newId(),
) {
  const payload = toBinary(event, create(event, message));
  const request = { eventId, type: event.typeName, key: 'key', payload };
  return (await createClient(EventService, system.peersAs(publisher)('user')).deliver(request)).effects;
}

const found = (photoIds: string[], eventId?: string) =>
  deliver('photo', MatchesFoundSchema, { memberId: member.accountId, photoIds }, eventId);

const list = z.object({
  items: z.array(
    z.object({
      notificationId: z.string(),
      kind: z.string(),
      data: z.object({
        orderId: z.string().optional(),
        photoIds: z.array(z.string()),
        photoCount: z.number(),
        reasons: z.array(z.string()).optional(),
      }),
      createdAt: z.string(),
      readAt: z.string().nullable(),
    }),
  ),
  nextCursor: z.string().nullable(),
  unreadCount: z.number(),
});

async function inbox(of: Member = member, query = '') {
  const response = await system.app.inject({ url: `/v1/me/notifications${query}`, headers: of.headers });
  expect(response.statusCode, response.body).toBe(200);
  return list.parse(response.json());
}

const read = (payload: object, of: Member = member) =>
  system.app.inject({ method: 'POST', url: '/v1/me/notifications/read', headers: of.headers, payload });

test('new matches are one notification until it is read, and the count adds up', async () => {
  const photoIds = Array.from({ length: 6 }, () => newId());
  expect(await found(photoIds.slice(0, 2))).toEqual({ notifications: 1 });
  clock.advance(60);
  await found(photoIds.slice(2, 5));
  const { items, unreadCount } = await inbox();
  expect(unreadCount).toBe(1);
  expect(items).toMatchObject([{ kind: 'matches_found', data: { photoCount: 5 }, readAt: null }]);
  expect(items[0]?.createdAt).toBe(clock.now().toISOString());
  expect(new Set(items[0]?.data.photoIds)).toEqual(new Set(photoIds.slice(0, 5)));
  await read({ notificationIds: [items[0]?.notificationId] });
  await found(photoIds.slice(5));
  const next = await inbox();
  expect(next.items).toMatchObject([{ data: { photoCount: 1 }, readAt: null }, { data: { photoCount: 5 } }]);
});

test('five hundred matches at once are one notification of few ids and the whole count', async () => {
  await found(Array.from({ length: 500 }, () => newId()));
  const [digest] = (await inbox()).items;
  expect(digest?.data.photoCount).toBe(500);
  expect(digest?.data.photoIds).toHaveLength(50);
});

test('an event that comes again counts once', async () => {
  const eventId = newId();
  const photoIds = [newId(), newId()];
  expect(await found(photoIds, eventId)).toEqual({ notifications: 1 });
  expect(await found(photoIds, eventId)).toEqual({ notifications: 1 });
  await found([photoIds[0] ?? '', newId()]);
  expect((await inbox()).items).toMatchObject([{ data: { photoCount: 3 } }]);
});

test('matches that come together are all counted', async () => {
  await Promise.all(Array.from({ length: 5 }, () => found([newId(), newId()])));
  expect((await inbox()).items).toMatchObject([{ data: { photoCount: 10 } }]);
});

test('reading the notification that was shown does not mark what was added since', async () => {
  await found([newId()]);
  const shown = (await inbox()).items[0]?.notificationId;
  await found([newId()]);
  expect((await read({ notificationIds: [shown] })).statusCode).toBe(204);
  expect(await inbox()).toMatchObject({ unreadCount: 1, items: [{ data: { photoCount: 2 }, readAt: null }] });
});

test('a sale is told to the buyer and to each creator', async () => {
  const [anna, bela] = [await signUpMember(system), await signUpMember(system)];
  const [one, two, three] = [newId(), newId(), newId()];
  const orderId = newId();
  const effects = await deliver('transaction', PhotosSoldSchema, {
    orderId,
    buyerId: member.accountId,
    photos: [
      { photoId: one, sale: 'shared', creatorId: anna.accountId },
      { photoId: two, sale: 'exclusive', creatorId: bela.accountId },
      { photoId: three, sale: 'shared', creatorId: anna.accountId },
    ],
  });
  expect(effects).toEqual({ notifications: 3 });
  const dataOf = async (of: Member) => (await inbox(of)).items.map(({ kind, data }) => ({ kind, ...data }));
  expect(await dataOf(member)).toEqual([
    { kind: 'photos_bought', orderId, photoIds: [one, two, three], photoCount: 3 },
  ]);
  expect(await dataOf(anna)).toEqual([{ kind: 'photos_sold', orderId, photoIds: [one, three], photoCount: 2 }]);
  expect(await dataOf(bela)).toEqual([{ kind: 'photos_sold', orderId, photoIds: [two], photoCount: 1 }]);
});

test('withdrawing the consent takes the notifications of matches away, also those still on their way, and no others', async () => {
  await found([newId(), newId()]);
  const shown = (await inbox()).items[0]?.notificationId;
  await read({ notificationIds: [shown] });
  await found([newId()]);
  const orderId = newId();
  await deliver('transaction', PhotosSoldSchema, { orderId, buyerId: member.accountId, photos: [] });
  const withdrawal = { method: 'DELETE', url: '/v1/me/consent', headers: member.headers } as const;
  const { receiptId } = z.object({ receiptId: z.string() }).parse((await system.app.inject(withdrawal)).json());
  expect(await found([newId()])).toEqual({ notifications: 0 });
  expect((await inbox()).items).toMatchObject([{ kind: 'photos_bought', data: { orderId } }]);
  const url = `/v1/me/consent/receipts/${receiptId}`;
  const receipt = await system.app.inject({ url, headers: member.headers });
  expect(receipt.json()).toMatchObject({ removed: { user: { notifications: 2 } } });
});

test('an event about somebody who is not here does nothing', async () => {
  const nobody = { memberId: newId(), photoIds: [newId()] };
  expect(await deliver('photo', MatchesFoundSchema, nobody)).toEqual({ notifications: 0 });
});

test('only photo and transaction tell this service anything', async () => {
  const event = { memberId: member.accountId, photoIds: [newId()] };
  await expect(deliver('upload', MatchesFoundSchema, event)).rejects.toMatchObject({ code: Code.PermissionDenied });
});

test('notifications come in pages that do not move when new ones arrive', async () => {
  const orders = Array.from({ length: 5 }, () => newId());
  const sale = (orderId: string) => ({ orderId, buyerId: member.accountId, photos: [] });
  for (const orderId of orders) await deliver('transaction', PhotosSoldSchema, sale(orderId));
  const first = await inbox(member, '?limit=2');
  await deliver('transaction', PhotosSoldSchema, sale(newId()));
  const second = await inbox(member, `?limit=2&cursor=${first.nextCursor}`);
  const third = await inbox(member, `?limit=2&cursor=${second.nextCursor}`);
  const seen = [first, second, third].flatMap(({ items }) => items.map(({ data }) => data.orderId));
  expect(seen).toEqual(orders.reverse());
  expect(third.nextCursor).toBeNull();
});

test.each(['?cursor=nonsense', '?limit=0', '?limit=101', '?userId=1'])('the page %s is refused', async (query) => {
  const response = await system.app.inject({ url: `/v1/me/notifications${query}`, headers: member.headers });
  expect(response.statusCode).toBe(400);
  expect(response.json()).toMatchObject({ code: 'REQUEST_INVALID' });
});

test('all up to one notification are read together', async () => {
  for (let count = 0; count < 3; count++) {
    const sale = { orderId: newId(), buyerId: member.accountId, photos: [] };
    await deliver('transaction', PhotosSoldSchema, sale);
  }
  const { items } = await inbox();
  expect((await read({ upTo: items[1]?.notificationId })).statusCode).toBe(204);
  const readTimes = (await inbox()).items.map(({ readAt }) => readAt);
  expect(readTimes).toEqual([null, clock.now().toISOString(), clock.now().toISOString()]);
});

test('nobody reads, or marks as read, the notifications of another', async () => {
  await found([newId()]);
  const stranger = await signUpMember(system);
  expect((await inbox(stranger)).items).toEqual([]);
  const own = (await inbox()).items[0]?.notificationId;
  await read({ notificationIds: [own] }, stranger);
  await read({ upTo: own }, stranger);
  expect((await inbox()).unreadCount).toBe(1);
  expect((await read({ upTo: own, accountId: member.accountId }, stranger)).statusCode).toBe(400);
});

test('a member whose facecams are outdated is asked for a new selfie, and nobody without a consent is', async () => {
  const until = '2026-12-31T00:00:00.000Z';
  const ask = (memberId: string) => deliver('upload', FacecamsOutdatedSchema, { memberId, until });
  expect(await ask(member.accountId)).toEqual({ notifications: 1 });
  const response = await system.app.inject({ url: '/v1/me/notifications', headers: member.headers });
  expect(response.json().items).toMatchObject([{ kind: 'facecams_outdated', data: { until } }]);
  const other = await signUpMember(system);
  expect(await ask(other.accountId)).toEqual({ notifications: 0 });
  expect(await ask(newId())).toEqual({ notifications: 0 });
});

const failed = (part: string, reason: string, photoId = newId(), eventId?: string) =>
  deliver('photo', PhotoFailedSchema, { photoId, creatorId: member.accountId, part, reason }, eventId);

const texts = z.object({ items: z.array(z.object({ kind: z.string(), text: z.string() })) });

async function textsIn(language: string) {
  const headers = { ...member.headers, 'accept-language': language };
  const { items } = texts.parse((await system.app.inject({ url: '/v1/me/notifications', headers })).json());
  return items.map(({ text }) => text);
}

test('a photo that failed after its upload is told to its creator with the reason, in their language, once', async () => {
  const eventId = newId();
  const photoId = newId();
  for (let count = 0; count < 2; count++) await failed('photo', 'IMAGE_BROKEN', photoId, eventId);
  expect((await inbox()).items).toMatchObject([
    { kind: 'photos_failed', data: { photoIds: [photoId], photoCount: 1 } },
  ]);
  expect(await textsIn('en')).toEqual([
    'One of your photos could not be made ready for sale. The image cannot be decoded; the file is damaged.',
  ]);
  expect(await textsIn('id')).toEqual([
    'Satu foto Anda tidak dapat disiapkan untuk dijual. Gambar tidak dapat dibuka; berkas rusak.',
  ]);
});

test('photos that fail are one notification until it is read; those that are on sale all the same are another one', async () => {
  await Promise.all(Array.from({ length: 60 }, () => failed('photo', 'IMAGE_BROKEN')));
  await failed('recognition', 'IMAGE_QUARANTINED');
  await failed('photo', 'ORIGINAL_MISSING');
  const { items, unreadCount } = await inbox();
  expect(unreadCount).toBe(2);
  expect(items).toMatchObject([
    { kind: 'photos_failed', data: { photoCount: 61, reasons: ['ORIGINAL_MISSING', 'IMAGE_BROKEN'] } },
    { kind: 'recognition_failed', data: { photoCount: 1, reasons: ['IMAGE_QUARANTINED'] } },
  ]);
  expect((await textsIn('en'))[0]).toBe(
    '61 of your photos could not be made ready for sale. The list of your photos says why for each.',
  );
  await read({ notificationIds: items.map(({ notificationId }) => notificationId) });
  await failed('photo', 'IMAGE_BROKEN');
  expect((await inbox()).items[0]).toMatchObject({ kind: 'photos_failed', data: { photoCount: 1 }, readAt: null });
});

test('a reason that this version does not know is told without words for it', async () => {
  await failed('recognition', 'SOMETHING_NEW');
  expect(await textsIn('en')).toEqual(['One of your photos is on sale, but nobody can be found in it by face.']);
});

test('a selfie that failed after it was taken is told to its member, and goes with the consent', async () => {
  const facecam = { memberId: member.accountId, facecamId: newId(), reason: 'FACECAM_NOT_THE_SAME_PERSON' };
  expect(await deliver('upload', FacecamFailedSchema, facecam)).toEqual({ notifications: 1 });
  expect((await textsIn('en'))[0]).toMatch(/^A selfie of yours could not be enrolled\. This selfie does not show/);
  const withdrawn = await system.app.inject({ method: 'DELETE', url: '/v1/me/consent', headers: member.headers });
  expect(withdrawn.statusCode).toBeLessThan(300);
  expect(await textsIn('en')).toEqual([]);
  expect(await deliver('upload', FacecamFailedSchema, facecam)).toEqual({ notifications: 0 });
});

const tellCreator = (change: string, toldId = member.accountId) =>
  deliver('photo', EventCreatorChangedSchema, { eventId: newId(), creatorId: newId(), toldId, change });

test('what happens between a creator and an event is told to an account that is here, when it is known', async () => {
  expect(await tellCreator('invited')).toEqual({ notifications: 1 });
  expect((await textsIn('en'))[0]).toMatch(/^You are invited to put photos into an event/);
  expect(await tellCreator('something new')).toEqual({ notifications: 0 });
  expect(await tellCreator('invited', newId())).toEqual({ notifications: 0 });
});

test('every notification has words in both languages', async () => {
  const facts = [
    () => found([newId()]),
    () => failed('photo', 'IMAGE_BROKEN'),
    () => failed('recognition', 'IMAGE_BROKEN'),
    ...['invited', 'accepted', 'declined', 'left', 'removed'].map((change) => () => tellCreator(change)),
    () => deliver('upload', FacecamsOutdatedSchema, { memberId: member.accountId, until: '2026-12-31T00:00:00.000Z' }),
  ];
  for (const tell of facts) await tell();
  const [english, indonesian] = [await textsIn('en'), await textsIn('id')];
  expect(english).toHaveLength(facts.length);
  for (const [index, text] of english.entries()) {
    expect(text).not.toMatch(/[{}]/);
    expect(indonesian[index]).not.toBe(text);
  }
  expect(english[0]).toBe('Your selfies find no new photos after December 31, 2026. Please add a new one.');
});
