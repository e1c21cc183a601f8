import path from 'node:path';
import { createClient } from '@connectrpc/connect';
import { MatchService } from '@kilas/contracts/gen/kilas/photo/v1/match_service_pb.js';
import { PhotoService } from '@kilas/contracts/gen/kilas/photo/v1/photo_service_pb.js';
import { FileObjects, newObjectKey } from '@kilas/platform/objects/file-objects.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import { type Bucket, buckets } from '@kilas/storage/buckets.ts';
import { drivenClock } from '@kilas/testkit/drive-clock.ts';
import { query } from '@kilas/testkit/query.ts';
import { type Member, signUpMember } from '@kilas/testkit/sign-up.ts';
import { startSystem, type TestSystem } from '@kilas/testkit/start-system.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

/** None of these is what is configured by default. */
const linkSeconds = 45;
const orderSeconds = 500;
const selfieSeconds = 300;
const archiveSeconds = 300;
/** From the test's time to the end of the next full hour. */
const previewSeconds = 39 * 60 + 30 + 3600;

const clock = drivenClock(new Date('2026-05-01T00:20:30Z'));
const start = clock.now();
let system: TestSystem;
let people: { creator: Member; member: Member };
let ids: Readonly<Record<string, string>>;

beforeAll(async () => {
  const env = { LINK_LIFETIME_SECONDS: String(linkSeconds), ORDER_LIFETIME_SECONDS: String(orderSeconds) };
  system = await startSystem({ services: ['user', 'photo', 'transaction', 'upload'], clock, env });
  people = { creator: await signUpMember(system, { creator: true }), member: await signUpMember(system) };
  ids = await prepare();
});

afterAll(() => system?.close());

const coverFields = ['coverUrl', 'coverSmallUrl'];

/** Routes that answer photos, and who is given some. */
const photoRoutes = {
  'GET /v1/photos/{photoId}': 'member',
  'POST /v1/photos/links': 'member',
  'GET /v1/events/{eventId}/photos': 'member',
  'GET /v1/explore': 'member',
  'GET /v1/explore/questions': 'member',
  'GET /v1/explore/rejected': 'member',
  'GET /v1/cart': 'member',
  'GET /v1/wishlist': 'member',
  'GET /v1/favourites': 'member',
  'GET /v1/creator/photos': 'creator',
  'GET /v1/creator/photos/{photoId}': 'creator',
} as const;

/** Routes that answer photos as columns. */
const columnRoutes = { 'GET /v1/events/{eventId}/columns': 'member', 'GET /v1/creator/columns': 'creator' } as const;

/** Routes that answer events with covers. */
const eventRoutes = {
  'GET /v1/events': 'creator',
  'GET /v1/events/{eventId}': 'member',
  'PATCH /v1/events/{eventId}': 'creator',
  'GET /v1/explore/events': 'member',
  'GET /v1/creator/events': 'creator',
} as const;

/** The same fields of several routes. */
function fieldsOf<Who extends string>(routes: Readonly<Record<string, Who>>, names: readonly string[]) {
  const fields = Object.entries(routes).flatMap(([route, who]) =>
    names.map((name) => [`${route} ${name}`, [who, previewSeconds]] as const),
  );
  return Object.fromEntries(fields);
}

/** Fields of answers that hold a link; who is given one, and for how many seconds it opens what it names. */
const links: Readonly<Record<string, readonly [who: 'creator' | 'member', seconds: number]>> = {
  ...fieldsOf(photoRoutes, ['previewUrl', 'previewSmallUrl', 'thumbnailUrl', 'thumbnailSmallUrl']),
  ...fieldsOf(eventRoutes, coverFields),
  ...fieldsOf(columnRoutes, ['thumbnailUrls', 'thumbnailSmallUrls']),
  'GET /v1/creator/photos processedUrl': ['creator', linkSeconds],
  'GET /v1/creator/photos/{photoId} processedUrl': ['creator', linkSeconds],
  'GET /v1/orders/{orderId} thumbnailUrl': ['member', previewSeconds],
  'GET /v1/purchases thumbnailUrl': ['member', previewSeconds],
  'GET /v1/purchases/{photoId}/download url': ['member', linkSeconds],
  'POST /v1/purchases/archives url': ['member', archiveSeconds],
  'GET /v1/facecams/{facecamId}/selfie url': ['member', selfieSeconds],
};

/** An event that was just made has no photo for its cover. */
const emptyFields = coverFields.map((name) => `POST /v1/events ${name}`);

/** Fields that say the end of a link, besides the usual one. The end that an order tells is its own. */
function endsTold(body: unknown, route: string, name: string): string[] {
  if (route.startsWith('/v1/orders')) return [];
  const usual = name === 'processedUrl' ? 'processedUrlExpiresAt' : 'linksExpireAt';
  return [usual, 'expiresAt'].flatMap((end) => valuesOf(body, end));
}

/** Where an order is paid. Its end is that of the order: services/transaction/src/orders/order-end.test.ts. */
const paymentPages = [
  'POST /v1/orders paymentUrl',
  'GET /v1/orders paymentUrl',
  'GET /v1/orders/{orderId} paymentUrl',
  'POST /v1/orders/{orderId}/cancel paymentUrl',
];

test('each field of the API that holds a link is asked for here, and a new one has to be added', () => {
  const { paths } = z
    .object({ paths: z.record(z.string(), z.record(z.string(), z.object({ responses: z.unknown() }))) })
    .parse(system.app.swagger());
  const fields = Object.entries(paths).flatMap(([route, methods]) =>
    Object.entries(methods).flatMap(([method, { responses }]) =>
      [...fieldsIn(responses)].map((field) => `${method.toUpperCase()} ${route} ${field}`),
    ),
  );
  expect(fields.sort()).toEqual([...Object.keys(links), ...emptyFields, ...paymentPages].sort());
});

test('each link opens what it names as long as it is configured to, and not a second longer', async () => {
  const given: { field: string; url: string; seconds: number }[] = [];
  for (const [field, [who, seconds]] of Object.entries(links)) {
    const [method = '', route = '', name = ''] = field.split(' ');
    const url = route.replace(/\{(\w+)\}/g, (_, id: string) => ids[`${id} of ${route}`] ?? ids[id] ?? id);
    const photoIds = [ids[`photoId of ${route}`] ?? ids.photoId];
    const bodies: Record<string, object> = { POST: { photoIds }, PATCH: { coverPhotoId: ids.photoId } };
    const payload = bodies[method] === undefined ? {} : { payload: bodies[method] };
    const reply = await system.app.inject({
      method: z.enum(['GET', 'POST', 'PATCH']).parse(method),
      url,
      ...payload,
      headers: people[who].headers,
    });
    expect([200, 201], `${url}: ${reply.body}`).toContain(reply.statusCode);
    const found = valuesOf(reply.json(), name);
    expect(found.length, field).toBeGreaterThan(0);
    for (const end of endsTold(reply.json(), route, name))
      expect(Date.parse(end) - start.getTime(), `${field} says its end`).toBe(seconds * 1000);
    given.push(...found.map((link) => ({ field, url: link, seconds })));
  }
  for (const seconds of [...new Set(given.map((link) => link.seconds))].sort((a, b) => a - b)) {
    const ending = given.filter((link) => link.seconds === seconds);
    const statuses = async () =>
      Promise.all(ending.map(async ({ field, url }) => [field, (await system.follow(url)).status]));
    clock.advance((start.getTime() - clock.now().getTime()) / 1000 + seconds - 1);
    expect(await statuses()).toEqual(ending.map(({ field }) => [field, 200]));
    clock.advance(1);
    expect(await statuses()).toEqual(ending.map(({ field }) => [field, 403]));
  }
});

test('the page of an order says when it ends, and the link to an unlisted event has no end', async () => {
  clock.advance((start.getTime() - clock.now().getTime()) / 1000);
  const order = await call(people.member, 'GET', `/v1/orders/${ids.orderId}`);
  expect(Date.parse(String(order.expiresAt)) - start.getTime()).toBe(orderSeconds * 1000);
  expect((await system.follow(String(order.paymentUrl))).status).toBe(200);
  clock.advance(1_000 * 86_400);
  const shared = await system.app.inject({ url: `/v1/events/${ids.eventId}/photos?share=${ids.shareToken}` });
  expect(shared.statusCode).toBe(200);
  expect(valuesOf(shared.json(), 'thumbnailUrl').length).toBeGreaterThan(0);
});

async function prepare(): Promise<Record<string, string>> {
  const { creator, member } = people;
  const times = { startsAt: '2026-05-01T00:00:00Z', endsAt: '2026-05-01T06:00:00Z', timeZone: 'Asia/Jakarta' };
  const event = await call(creator, 'POST', '/v1/events', { name: 'Run', ...times, visibility: 'unlisted' });
  const folder = path.join(system.dataFolder, 'objects');
  const objects = new FileObjects({ buckets, folder, signingKey: 'k'.repeat(32), publicUrl: 'http://kilas.test' });
  const put = async (bucket: Bucket) => {
    const key = newObjectKey();
    await objects.write({ bucket, key }, Buffer.from('bytes'));
    return key;
  };
  const photos = createClient(PhotoService, system.peersAs('upload')('photo'));
  const matches = createClient(MatchService, system.peersAs('ai')('photo'));
  const ask = (text: string, values: unknown[]) => query(system.databaseUrls.upload, text, values);
  const publish = async (priceIdr: bigint, isUnsure: boolean) => {
    const photoId = newId();
    const originalKey = await put('originals');
    const about = { title: 'Finish', priceIdr, sale: 'shared', sha256: 'a'.repeat(64), sizeBytes: 5n, format: 'jpeg' };
    const place = { creatorId: creator.accountId, eventId: String(event.eventId) };
    await photos.registerPhoto({ photoId, ...place, ...about, originalKey });
    await ask(
      `insert into uploads (photo_id, creator_id, sha256, size_bytes, crc32, format, state, title, description, price_idr,
          sale, original_key, compressed_key, preview_key, thumbnail_key, processed_key, derive_count_max, created_at, updated_at)
        values ($1::uuid, $2, $1::uuid::text, 5, 1, 'jpeg', 'processed', '', '', 0, 'shared', $3, '', '', '', '', 1, now(), now())`,
      [photoId, creator.accountId, originalKey],
    );
    const keys = { previewKey: await put('previews'), thumbnailKey: await put('previews') };
    const small = { previewSmallKey: await put('previews'), thumbnailSmallKey: await put('previews') };
    await photos.publishPhoto({ photoId, width: 300, height: 200, ...keys, ...small });
    const found = { memberId: member.accountId, facecamId: newId(), consentEpoch: 1, distance: 0.4, level: 9 };
    const box = { left: 0.1, top: 0.2, width: 0.3, height: 0.4 };
    const match = { photoId, ...found, falseMatchRate: 1e-8, facecamCount: 1, isUnsure, box };
    await matches.recordRecognition({ photoId, faceCount: 1, processedKey: await put('previews'), matches: [match] });
    return photoId;
  };
  const [shown, , rejected, free] = [
    await publish(5n, false),
    await publish(5n, true),
    await publish(5n, false),
    await publish(0n, false),
  ];
  await call(member, 'PUT', `/v1/photos/${rejected}/match`, { answer: 'rejected' });
  for (const list of ['cart', 'wishlist', 'favourites']) await call(member, 'PUT', `/v1/${list}/${shown}`);
  const buy = (photoId: string, priceIdr: number) =>
    call(member, 'POST', '/v1/orders', { lines: [{ photoId, priceIdr }], totalIdr: priceIdr });
  await buy(free, 0);
  const { orderId } = await buy(shown, 5);
  const facecamId = newId();
  await ask('insert into erased_members (member_id) values ($1)', [member.accountId]);
  await ask(
    `insert into facecams (facecam_id, member_id, consent_epoch, sha256, state, is_selfie_kept, selfie_key, created_at)
      values ($1, $2, 1, 'a', 'ready', true, $3, now())`,
    [facecamId, member.accountId, await put('selfies')],
  );
  return {
    photoId: shown,
    'photoId of /v1/purchases/{photoId}/download': free,
    'photoId of /v1/purchases/archives': free,
    eventId: String(event.eventId),
    shareToken: String(event.shareToken),
    orderId: String(orderId),
    facecamId,
  };
}

async function call(member: Member, method: 'GET' | 'POST' | 'PUT', url: string, payload?: object) {
  const headers = { ...member.headers, 'idempotency-key': newId() };
  const reply = await system.app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) });
  if (reply.statusCode >= 300) throw new Error(`${method} ${url} answered ${reply.statusCode}: ${reply.body}`);
  return z.record(z.string(), z.unknown()).parse(reply.body === '' ? {} : reply.json());
}

/** Names of properties in a schema that are links. */
function fieldsIn(schema: unknown): Set<string> {
  if (typeof schema !== 'object' || schema === null) return new Set();
  const below = Object.values(schema).flatMap((value) => [...fieldsIn(value)]);
  const own = 'properties' in schema ? Object.keys(schema.properties ?? {}) : [];
  return new Set([...own.filter((name) => /urls?$/i.test(name)), ...below]);
}

function valuesOf(body: unknown, name: string): string[] {
  if (typeof body !== 'object' || body === null) return [];
  return Object.entries(body).flatMap(([key, value]) =>
    key === name ? [value].flat().filter((item) => typeof item === 'string') : valuesOf(value, name),
  );
}
