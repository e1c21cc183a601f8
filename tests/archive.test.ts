import { newId } from '@kilas/platform/process/ids.ts';
import { type Member, signUpMember } from '@kilas/testkit/sign-up.ts';
import { startSystem, type TestSystem } from '@kilas/testkit/start-system.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { readZip } from '@kilas/upload/testing/read-zip.ts';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

let system: TestSystem;
let creator: Member;
let eventId: string;

beforeAll(async () => {
  system = await startSystem({ services: ['user', 'photo', 'upload', 'transaction'] });
  creator = await signUpMember(system, { creator: true });
  const times = { startsAt: '2026-05-01T00:00:00Z', endsAt: '2026-05-01T06:00:00Z', timeZone: 'Asia/Jakarta' };
  const event = await call(creator, 'POST', '/v1/events', { name: 'Run', ...times, visibility: 'public' });
  eventId = z.string().parse(event.eventId);
});
afterAll(() => system?.close());

async function call(member: Member, method: 'GET' | 'POST', url: string, payload?: object) {
  const headers = { ...member.headers, 'idempotency-key': newId() };
  const reply = await system.app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) });
  if (reply.statusCode >= 300) throw new Error(`${method} ${url} answered ${reply.statusCode}: ${reply.body}`);
  return z.record(z.string(), z.unknown()).parse(reply.json());
}

async function sell(title: string): Promise<{ photoId: string; bytes: Buffer }> {
  const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const;
  const bytes = await sharp({ create: { width: 300, height: 200, channels: 3, noise, background: '#777' } })
    .jpeg()
    .toBuffer();
  const form = new FormData();
  for (const [name, value] of Object.entries({ priceIdr: '0', title, eventId })) form.append(name, value);
  form.append('photo', new Blob([new Uint8Array(bytes)]), 'a.jpg');
  const encoded = new Response(form);
  const payload = Buffer.from(await encoded.arrayBuffer());
  const headers = { ...creator.headers, 'content-type': encoded.headers.get('content-type') ?? '' };
  const reply = await system.app.inject({ method: 'POST', url: '/v1/uploads/photo', headers, payload });
  const { photoId } = reply.json();
  const isOnSale = async () => (await call(creator, 'GET', `/v1/photos/${photoId}`)).status === 'on_sale';
  await waitFor(isOnSale, { what: 'the photo to be on sale', timeoutMs: 20_000 });
  return { photoId, bytes };
}

async function buy(buyer: Member, photos: readonly { photoId: string }[]): Promise<string> {
  const lines = photos.map(({ photoId }) => ({ photoId, priceIdr: 0 }));
  return z.string().parse((await call(buyer, 'POST', '/v1/orders', { lines, totalIdr: 0 })).orderId);
}

const archiveOf = z.object({
  url: z.string(),
  fileName: z.string(),
  photoCount: z.int(),
  sizeBytes: z.int(),
  expiresAt: z.iso.datetime(),
});

test('who bought photos downloads them as one ZIP, all or those of an order, byte for byte as they were sent', async () => {
  const photos = [await sell('Garis finis'), await sell('Garis finis'), await sell('東京')];
  const buyer = await signUpMember(system);
  const first = await buy(buyer, photos.slice(0, 1));
  await buy(buyer, photos.slice(1));
  const ask = async (wanted: object) => archiveOf.parse(await call(buyer, 'POST', '/v1/purchases/archives', wanted));
  const all = await ask({});
  expect(all).toMatchObject({ photoCount: 3, fileName: 'kilas-photos.zip' });
  expect(Date.parse(all.expiresAt) - Date.now()).toBeLessThanOrEqual(300_000);
  const { status, headers, body } = await system.follow(all.url);
  expect([status, headers['content-length'], body.length]).toEqual([200, String(all.sizeBytes), all.sizeBytes]);
  const files = await readZip(body);
  expect([...files.keys()].sort()).toEqual(['Garis finis (2).jpg', 'Garis finis.jpg', '東京.jpg']);
  expect(files.get('Garis finis.jpg')).toEqual(photos[0]?.bytes);
  const sorted = (list: readonly (Buffer | undefined)[]) => list.map((bytes) => bytes?.toString('hex')).toSorted();
  expect(sorted([...files.values()])).toEqual(sorted(photos.map(({ bytes }) => bytes)));
  const ofOrder = await ask({ orderId: first });
  expect([ofOrder.photoCount, ofOrder.fileName]).toEqual([1, `kilas-order-${first}.zip`]);
  expect([...(await readZip((await system.follow(ofOrder.url)).body)).values()]).toEqual([photos[0]?.bytes]);
  const named = await ask({ photoIds: photos.slice(1).map(({ photoId }) => photoId) });
  expect(named.photoCount).toBe(2);
  expect((await ask({})).url).not.toBe(all.url);
});
