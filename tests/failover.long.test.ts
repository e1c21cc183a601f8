import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { ApiClient, answerOf } from '@kilas/client/api-client.ts';
import { becomeCreator, register } from '@kilas/client/journey/people.ts';
import { createEvent } from '@kilas/client/journey/sell-photos.ts';
import { findFreePort } from '@kilas/embedded/free-port.ts';
import { startOwnPostgres } from '@kilas/testkit/own-postgres.ts';
import { query } from '@kilas/testkit/query.ts';
import { startSystem, type TestSystem } from '@kilas/testkit/start-system.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

// Without ai, whose faces lie in another database: photos go on sale all the same.
const services = ['user', 'photo', 'transaction', 'upload'] as const;
const restarts = 3;
const accepted = z.object({ photoId: z.string() });
const order = z.object({ orderId: z.string(), status: z.string() });

const server = await startOwnPostgres();
afterAll(() => server.stop());
let system: TestSystem;
let api: ApiClient;

beforeAll(async () => {
  for (const name of services) await server.createDatabase(`kilas_${name}`);
  const databases = Object.fromEntries(services.map((name) => [name, { DATABASE_URL: server.url(`kilas_${name}`) }]));
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  system = await startSystem({ services, databases, env: { PUBLIC_URL: url } });
  await system.app.listen({ host: '127.0.0.1', port });
  api = new ApiClient(url);
});

afterAll(async () => {
  await system.close();
});

/** What clients saw: the statuses of all replies, and what was accepted. */
interface Seen {
  readonly statuses: Map<number, number>;
  readonly photos: Map<string, string>;
  readonly orders: Map<string, string>;
}

/** Sends until it is accepted, again and again what was answered 503, as a client does. */
async function insist(seen: Seen, send: () => Promise<Response>): Promise<unknown> {
  for (;;) {
    const reply = await send();
    seen.statuses.set(reply.status, (seen.statuses.get(reply.status) ?? 0) + 1);
    const text = await reply.text();
    if (reply.ok) return JSON.parse(text);
    if (reply.status !== 503) throw new Error(`answered ${reply.status}: ${text}`);
    expect(reply.headers.get('retry-after')).not.toBeNull();
    await delay(50);
  }
}

async function upload(creator: ApiClient, eventId: string, seen: Seen, title: string, picture: Buffer): Promise<void> {
  const reply = await insist(seen, () => {
    const form = new FormData();
    form.set('title', title);
    form.set('priceIdr', '0');
    form.set('eventId', eventId);
    form.append('photo', new Blob([new Uint8Array(picture)]), `${title}.png`);
    return post(creator, '/v1/uploads/photo', {}, form);
  });
  seen.photos.set(title, accepted.parse(reply).photoId);
}

async function buy(buyer: ApiClient, seen: Seen, photoId: string): Promise<void> {
  const key = randomUUID();
  const body = JSON.stringify({ lines: [{ photoId, priceIdr: 0 }], totalIdr: 0 });
  const headers = { 'content-type': 'application/json', 'idempotency-key': key };
  seen.orders.set(key, order.parse(await insist(seen, () => post(buyer, '/v1/orders', headers, body))).orderId);
}

function post(
  as: ApiClient,
  path: string,
  headers: Record<string, string>,
  body: FormData | string,
): Promise<Response> {
  return fetch(`${address()}${path}`, {
    method: 'POST',
    headers: { ...headers, authorization: `Bearer ${as.token}` },
    body,
  });
}

function address(): string {
  const at = system.app.server.address();
  if (at === null || typeof at === 'string') throw new Error('the app does not listen');
  return `http://127.0.0.1:${at.port}`;
}

/** Pictures that differ. */
function paint(index: number): Promise<Buffer> {
  const background = { r: index % 256, g: (index >> 8) % 256, b: 90 };
  return sharp({ create: { width: 320, height: 240, channels: 3, background } })
    .png()
    .toBuffer();
}

async function count(service: string, from: string): Promise<number> {
  const [row] = await query(server.url(`kilas_${service}`), `select count(*)::int as count from ${from}`);
  return z.number().parse(row?.count);
}

test('a database that restarts under load loses nothing that was accepted, and all that clients see is 503', async () => {
  const creator = await register(api, 'creator');
  await becomeCreator(creator, 'Lensa');
  const buyer = await register(api, 'buyer');
  const eventId = await createEvent(creator, 'Failover Run', 'public');
  const listPhotos = () => creator.list('/v1/creator/photos');
  const seen: Seen = { statuses: new Map(), photos: new Map(), orders: new Map() };
  let isOver = false;
  let painted = 0;
  const uploader = async () => {
    while (!isOver) {
      // Not far ahead of the shopper, whose orders an hour are limited.
      if (seen.photos.size > seen.orders.size + 6) {
        await delay(50);
        continue;
      }
      const index = painted++;
      await upload(creator, eventId, seen, `photo ${index}`, await paint(index));
    }
  };
  const bought = new Set<string>();
  const shopper = async () => {
    while (!isOver || bought.size < seen.photos.size) {
      const photos = await listPhotos().catch(() => []);
      const next = photos.find(({ photoId, status }) => status === 'on_sale' && !bought.has(photoId));
      if (next === undefined) await delay(50);
      else {
        bought.add(next.photoId);
        await buy(buyer, seen, next.photoId);
      }
    }
  };
  const working = Promise.all([uploader(), uploader(), shopper()]);
  for (let restarted = 0; restarted < restarts; restarted++) {
    const { size } = seen.photos;
    const ordered = seen.orders.size;
    await waitFor(() => seen.photos.size > size + 3 && seen.orders.size > ordered + 1, {
      what: 'uploads and orders to be accepted',
      timeoutMs: 120_000,
    });
    await server.restart();
  }
  isOver = true;
  await working;

  // Jobs go on: each photo came on sale, and was bought.
  const photos = await listPhotos();
  expect(photos.map(({ title }) => title).sort()).toEqual([...seen.photos.keys()].sort());
  for (const { photoId, title, status } of photos) {
    expect({ photoId, status }).toEqual({ photoId: seen.photos.get(title), status: 'on_sale' });
  }
  for (const orderId of seen.orders.values()) {
    const order = await answerOf(buyer.rest.GET('/v1/orders/{orderId}', { params: { path: { orderId } } }));
    expect(order).toMatchObject({ orderId, status: 'paid' });
  }
  expect(seen.orders.size).toBe(photos.length);
  expect(await count('transaction', 'orders')).toBe(photos.length);
  expect(await count('transaction', 'licences')).toBe(photos.length);
  expect([...seen.statuses.keys()].filter((status) => status >= 400 && status !== 503)).toEqual([]);
  // What was sold is told: the events' queue is empty in the end.
  await waitFor(async () => (await count('transaction', 'outbox_events')) === 0, {
    what: 'the events to be told',
    timeoutMs: 60_000,
  });
  // Workers are woken again, rather than polling.
  const listening = `(select distinct datname from pg_stat_activity where application_name like 'kilas-% jobs'
    and query ~* 'listen')`;
  await waitFor(async () => (await count('user', `${listening} as listening`)) === services.length, {
    what: 'every service to listen again',
    timeoutMs: 60_000,
  });
});
