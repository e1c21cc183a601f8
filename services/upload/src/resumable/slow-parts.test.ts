import { once } from 'node:events';
import type { Member } from '@kilas/testkit/sign-up.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeLargeImage } from '../testing/images.ts';
import { trickle } from '../testing/slow-request.ts';
import { startUploads, type UploadSystem } from '../testing/start-uploads.ts';
import { openPatch, tusClient } from '../testing/tus-client.ts';

let uploads: UploadSystem;
let url: string;
/** As `uploads`, where a second without a byte ends a request. */
let hasty: UploadSystem;
let hastyUrl: string;

beforeAll(async () => {
  uploads = await startUploads({ isWorking: false, env: { UPLOADS_AT_ONCE_MAX: '8' } });
  url = await uploads.system.app.listen({ host: '127.0.0.1', port: 0 });
  hasty = await startUploads({ isWorking: false, env: { BODY_IDLE_SECONDS_MAX: '1' } });
  hastyUrl = await hasty.system.app.listen({ host: '127.0.0.1', port: 0 });
});

afterAll(async () => {
  await uploads?.close();
  await hasty?.close();
});

const listSpool = async (system: UploadSystem) => (await system.listFiles()).filter((file) => file.includes('spool'));

async function openPart(base: string, headers: Member['headers'], sent: Buffer) {
  const location = await tusClient(base, headers).begin(10_000_000);
  return { location, ...(await openPatch(base, headers, { location, offset: 0, sizeBytes: 9_000_000, sent })) };
}

test('a part that stands still is given up: the client hears why, and what came is kept', async () => {
  const { headers } = await hasty.signUp({ creator: true });
  const sent = (await makeLargeImage()).subarray(0, 100_000);
  const { location, socket, answer } = await openPart(hastyUrl, headers, sent);
  await once(socket, 'close');
  expect(answer()).toMatch(/^HTTP\/1.1 408 /);
  expect(answer()).toContain('"code":"BODY_TOO_SLOW"');
  expect(await tusClient(hastyUrl, headers).offsetOf(location)).toBe(100_000);
  await waitFor(async () => (await listSpool(hasty)).length === 0, { what: 'nothing to be left' });
});

test('parts that trickle in all places of an address keep no photo of anybody else out', async () => {
  const attackers = await Promise.all(Array.from({ length: 4 }, () => uploads.signUp({ creator: true })));
  const parts = await Promise.all(attackers.map(({ headers }) => openPart(url, headers, Buffer.from('JFIF'))));
  for (const part of parts) trickle(part);
  await waitFor(async () => (await listSpool(uploads)).length >= 4, { what: 'all places of an address to be taken' });
  const bytes = await makeLargeImage();
  const { headers } = await uploads.signUp({ creator: true });
  const honest = tusClient(url, headers);
  // Of a place it can be said after ten seconds how fast its bytes come.
  const send = async () => (await honest.create(bytes.length, { priceIdr: '1' }, bytes)).json?.state === 'accepted';
  await waitFor(send, { what: 'the photo to be accepted', everyMs: 500 });
  expect(parts.some(({ answer }) => answer().includes('UPLOADS_BUSY'))).toBe(true);
  for (const { socket } of parts) socket.destroy();
  await waitFor(async () => (await listSpool(uploads)).length === 0, { what: 'nothing to be left of them' });
}, 40_000);

test('an account has a quarter of the places, in parts as in whole photos', async () => {
  const { headers } = await uploads.signUp({ creator: true });
  await openPart(url, headers, Buffer.from('JFIF'));
  await openPart(url, headers, Buffer.from('JFIF'));
  await waitFor(async () => (await listSpool(uploads)).length >= 2, { what: 'the parts to be received' });
  const bytes = await makeLargeImage();
  const third = await tusClient(url, headers).create(bytes.length, { priceIdr: '1' }, bytes);
  expect(third).toMatchObject({ status: 503, json: { code: 'UPLOADS_BUSY' } });
});
