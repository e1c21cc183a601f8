import { hasProxy, startProxy } from '@kilas/embedded/start-proxy.ts';
import { openFront } from '@kilas/gateway/front.ts';
import type { Member } from '@kilas/testkit/sign-up.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { makeLargeImage } from '@kilas/upload/testing/images.ts';
import { otherOrigin, type Replica, startReplica } from '@kilas/upload/testing/start-replica.ts';
import { startUploads, type UploadSystem } from '@kilas/upload/testing/start-uploads.ts';
import { openPatch, sha256Of, tusClient, uploadIdOf } from '@kilas/upload/testing/tus-client.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const kinds = ['front', 'nginx', 'haproxy'] as const;
const here = new Map(
  await Promise.all(kinds.map(async (kind) => [kind, kind === 'front' || (await hasProxy(kind))] as const)),
);

let uploads: UploadSystem;
let other: Replica;
let all: string;
let creator: Member;

beforeAll(async () => {
  uploads = await startUploads({ isWorking: false });
  all = await uploads.system.app.listen({ host: '127.0.0.1', port: 0 });
  other = await startReplica(uploads);
  creator = await uploads.signUp({ creator: true });
});

afterAll(async () => {
  await other?.close();
  await uploads?.close();
});

/** What stands in front of two replicas of upload and one of all others. */
async function open(kind: (typeof kinds)[number]): Promise<{ url: string; stop: () => Promise<void> }> {
  if (kind === 'front') {
    const front = await openFront({ addressesOf: (service) => (service === 'upload' ? [all, other.url] : [all]) });
    return { url: await front.listen({ host: '127.0.0.1', port: 0 }), stop: async () => front.close() };
  }
  const [port, otherPort] = [all, other.url].map((url) => Number(new URL(url).port));
  const ports = [1, 2, 3, 5].flatMap((at) => [[5100 + at, port ?? 0] as const, [5110 + at, port ?? 0] as const]);
  return startProxy(kind, new Map([...ports, [5115, otherPort ?? 0]]));
}

const metadata = { fileName: 'a.jpg', priceIdr: '1000' };

describe.each(kinds)('behind %s', (kind) => {
  const run = test.runIf(here.get(kind));
  let url: string;
  let stop: () => Promise<void>;

  beforeAll(async () => {
    if (here.get(kind)) ({ url, stop } = await open(kind));
    else process.stdout.write(`skipped: uploads behind ${kind}, which is not installed here\n`);
  });

  afterAll(async () => stop?.());

  run('a file in parts goes to whichever replica, and becomes one photo', async () => {
    const client = tusClient(url, creator.headers);
    const bytes = await makeLargeImage({ width: 2000, height: 1500 });
    const location = await client.begin(bytes.length, { ...metadata, sha256: sha256Of(bytes) });
    for (let from = 0; from < bytes.length; from += 300_000) {
      expect(await client.offsetOf(location)).toBe(from);
      await client.patch(location, from, bytes.subarray(from, from + 300_000));
    }
    expect(await client.status([uploadIdOf(location)])).toMatchObject([{ state: 'accepted' }]);
  });

  run('ten files at once, each with its creation', async () => {
    const client = tusClient(url, creator.headers);
    const files = await Promise.all(Array.from({ length: 10 }, () => makeLargeImage()));
    const answers = await Promise.all(files.map((bytes) => client.create(bytes.length, metadata, bytes)));
    expect(answers.map(({ json }) => json?.state)).toEqual(Array(10).fill('accepted'));
    expect(new Set(answers.map(({ json }) => json?.photoId)).size).toBe(10);
  });

  run('a part that is not wanted is answered, however much of it is still to come', async () => {
    const client = tusClient(url, creator.headers);
    const location = await client.begin(50_000_000);
    const answer = await client.patch(location, 8_000_000, Buffer.alloc(8_000_000));
    expect(answer).toMatchObject({ status: 409, json: { code: 'UPLOAD_OFFSET_WRONG' } });
  });

  run('what came before a client left is kept', async () => {
    const client = tusClient(url, creator.headers);
    const bytes = await makeLargeImage();
    const location = await client.begin(bytes.length);
    const sent = bytes.subarray(0, 100_000);
    const { socket } = await openPatch(url, creator.headers, { location, offset: 0, sizeBytes: 150_000, sent });
    const isReceived = async () => (await uploads.listFiles()).some((file) => file.includes('spool'));
    await waitFor(isReceived, { what: 'the part to be received' });
    socket.destroy();
    await waitFor(async () => (await client.offsetOf(location)) === 100_000, { what: 'the offset to move' });
  });
});

test('a page of an origin that may call reads what the protocol says, and no other page does', async () => {
  const preflight = (origin: string) =>
    fetch(new URL('/v1/uploads/tus/x', other.url), {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'PATCH',
        'access-control-request-headers': 'authorization,tus-resumable,upload-offset,upload-checksum',
      },
    });
  const allowed = await preflight(otherOrigin);
  expect(allowed.headers.get('access-control-allow-origin')).toBe(otherOrigin);
  expect(allowed.headers.get('access-control-allow-methods')).toContain('PATCH');
  expect(allowed.headers.get('access-control-allow-headers')).toContain('upload-checksum');
  expect((await preflight('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
  const from = { ...creator.headers, origin: otherOrigin } as Member['headers'];
  const { headers } = await tusClient(other.url, from).create(10, metadata);
  expect(headers.get('access-control-expose-headers')).toContain('location');
  expect(headers.get('access-control-expose-headers')).toContain('upload-offset');
  const discovery = await fetch(new URL('/v1/uploads/tus', other.url), { method: 'OPTIONS' });
  expect(discovery.headers.get('access-control-allow-origin')).toBeNull();
  expect(discovery.headers.get('tus-version')).toBe('1.0.0');
});
