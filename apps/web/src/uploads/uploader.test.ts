import { afterEach, beforeEach, expect, test } from 'vitest';
import { hashFile, partSizeBytes } from './hash-file.ts';
import type { FoundFile, Phase, Terms } from './item.ts';
import { type FakeTusServer, startFakeTusServer } from './testing/fake-tus-server.ts';
import { fetchTransport } from './testing/fetch-transport.ts';
import { MemoryQueueStore } from './testing/memory-queue-store.ts';
import { openTus } from './tus.ts';
import { Uploader, type UploaderParts } from './uploader.ts';

const terms: Terms = { eventId: null, priceIdr: 50_000, sale: 'shared' };
const quick = { firstMs: 5, maxMs: 20 };

let server: FakeTusServer;
let store: MemoryQueueStore;
let running: Uploader[] = [];

beforeEach(async () => {
  server = await startFakeTusServer();
  store = new MemoryQueueStore();
});

afterEach(async () => {
  for (const uploader of running) await uploader.halt();
  running = [];
  await server[Symbol.asyncDispose]();
});

test('each file becomes one photo while every third connection is cut, in the middle or before its answer', async () => {
  server.plan.cut = (request) =>
    (['before', undefined, 'after', undefined, undefined, undefined] as const)[request % 6];
  const uploader = await open();
  const files = [...photos(60), ...photos(1, 2 * partSizeBytes + 1_000)];
  await uploader.add(await uploader.queue.addBatch(terms), files);
  await settled(uploader, { onSale: 61 });
  expect(server.photos.size).toBe(61);
  expect([...server.photos.values()].filter(({ sentCount }) => sentCount > 1)).toEqual([]);
});

test('what was chosen for the files reaches the server', async () => {
  const uploader = await open();
  const batch = await uploader.queue.addBatch({ eventId: 'event-1', priceIdr: 75_000, sale: 'exclusive' });
  await uploader.add(batch, [found('Lari pagi/Café 1.jpg', 'a')]);
  await settled(uploader, { onSale: 1 });
  const [photo] = server.photos.values();
  expect(photo?.metadata).toMatchObject({
    fileName: 'Café 1.jpg',
    priceIdr: '75000',
    sale: 'exclusive',
    eventId: 'event-1',
  });
});

test('a large file goes on after the part that came, not from its start', async () => {
  server.plan.cut = (request) => (request === 3 ? 'before' : undefined);
  const uploader = await open();
  const [file] = photos(1, 3 * partSizeBytes + 5);
  await uploader.add(await uploader.queue.addBatch(terms), [file as FoundFile]);
  await settled(uploader, { onSale: 1 });
  expect(server.seen.bodyBytes).toBeLessThan(3 * partSizeBytes + 10_000);
});

test('a queue whose page died goes on when the folder is chosen again, and sends nothing twice', async () => {
  const files = photos(40);
  const first = await open();
  await first.add(await first.queue.addBatch(terms), files);
  await until(() => server.photos.size >= 10);
  // A page that dies keeps no more.
  const atDeath = await store.load();
  const copy = new MemoryQueueStore();
  copy.load = async () => atDeath;
  await first.halt();
  const arrived = server.photos.size;
  store = copy;
  const second = await open();
  await until(() => second.queue.progress.counts.missing > 0);
  const result = await second.add(await second.queue.addBatch(terms), files);
  expect(result.added).toBe(0);
  await until(() => server.photos.size === 40);
  await settled(second, {});
  const { onSale, duplicate } = second.queue.progress.counts;
  expect(onSale + duplicate).toBe(40);
  expect(duplicate).toBe(0);
  expect([...server.photos.values()].reduce((sum, { sentCount }) => sum + sentCount, 0)).toBe(40);
  expect(arrived).toBeLessThan(40);
});

test('files of a folder that may still be read go on without a person', async () => {
  const file = (found('Race/1.jpg', 'one').file ?? undefined) as File;
  const openThrough = async (rootId: number, path: string) =>
    rootId === 7 && path === 'Race/1.jpg' ? file : undefined;
  const first = await open({ isOnline: () => false });
  first.pause();
  await first.add(await first.queue.addBatch(terms), [
    { path: 'Race/1.jpg', rootId: 7, file: null, sizeBytes: file.size, modifiedAt: file.lastModified },
  ]);
  await first.halt();
  const second = await open({ openThrough });
  await settled(second, { onSale: 1 });
});

test('damaged files say why, and the others go on; a second try is a new upload', async () => {
  const why = { code: 'IMAGE_TRUNCATED', detail: 'The picture is not whole.' };
  server.plan.damage = (bytes) => (bytes.toString().startsWith('damaged') ? why : undefined);
  const uploader = await open();
  const files = [...photos(5), found('x.jpg', 'damaged 1'), found('y.jpg', 'damaged 2')];
  await uploader.add(await uploader.queue.addBatch(terms), files);
  await settled(uploader, { onSale: 5, refused: 2 });
  expect(uploader.queue.list('refused').map((item) => item.why)).toEqual([why, why]);
  server.plan.damage = () => undefined;
  await uploader.retry(uploader.queue.list('refused'));
  await settled(uploader, { onSale: 7, refused: 0 });
});

test('the same bytes under another name are told as here already', async () => {
  const uploader = await open();
  const batch = await uploader.queue.addBatch(terms);
  await uploader.add(batch, [found('a.jpg', 'same')]);
  await settled(uploader, { onSale: 1 });
  await uploader.add(batch, [found('b.jpg', 'same')]);
  await settled(uploader, { onSale: 1, duplicate: 1 });
});

test('a file that is in the queue is not added again, and one in another folder is', async () => {
  const uploader = await open();
  const batch = await uploader.queue.addBatch(terms);
  const { path, ...facts } = found('Race/Day 1/IMG_1.jpg', 'a');
  await uploader.add(batch, [{ path, ...facts }]);
  const again = await uploader.add(batch, [
    { path: 'IMG_1.jpg', ...facts },
    { path: 'Race/Day 2/IMG_1.jpg', ...facts },
  ]);
  expect(again).toEqual({ added: 1, known: 1, again: 0 });
  await settled(uploader, {});
});

test('an ended session stops the queue, and signing in goes on with it', async () => {
  let token: string | undefined = 'old';
  const bearer = { token: async () => token, renew: async () => undefined, language: () => 'en' };
  const uploader = await open({ tus: openTus(fetchTransport(server.address), bearer) });
  await uploader.add(await uploader.queue.addBatch(terms), photos(8));
  await until(() => uploader.mode === 'signedOut');
  expect(server.photos.size).toBe(0);
  token = 'good';
  uploader.resume();
  await settled(uploader, { onSale: 8 });
});

test('a token that has just ended is renewed, and no file is lost', async () => {
  let token = 'old';
  const renew = async () => {
    token = 'good';
    return token;
  };
  const bearer = { token: async () => token, renew, language: () => 'en' };
  const uploader = await open({ tus: openTus(fetchTransport(server.address), bearer) });
  await uploader.add(await uploader.queue.addBatch(terms), photos(8));
  await settled(uploader, { onSale: 8 });
});

test('a token that cannot be renewed for lack of a network loses no file', async () => {
  let tries = 0;
  const token = async () => {
    tries += 1;
    if (tries < 20) throw new Error('unreachable');
    return 'good';
  };
  const bearer = { token, renew: async () => undefined, language: () => 'en' };
  const uploader = await open({ tus: openTus(fetchTransport(server.address), bearer) });
  await uploader.add(await uploader.queue.addBatch(terms), photos(4));
  await settled(uploader, { onSale: 4, missing: 0 });
});

test('without a network it waits, and goes on when there is one', async () => {
  let isOnline = true;
  const away = fetchTransport('http://127.0.0.1:9');
  const there = fetchTransport(server.address);
  const tus = openTus((ask) => (isOnline ? there : away)(ask), goodBearer);
  const uploader = await open({ tus, isOnline: () => isOnline });
  isOnline = false;
  await uploader.add(await uploader.queue.addBatch(terms), photos(6));
  await until(() => uploader.queue.progress.counts.sending > 0);
  isOnline = true;
  uploader.wake();
  await settled(uploader, { onSale: 6 });
});

test('a server that is busy is asked again for as long as it takes; one that refuses is not', async () => {
  server.plan.answer = { status: 503 };
  const uploader = await open();
  const batch = await uploader.queue.addBatch(terms);
  await uploader.add(batch, photos(4));
  await until(() => server.seen.tokens.length > 30);
  expect(uploader.queue.progress.counts.refused).toBe(0);
  server.plan.answer = { status: 422 };
  await settled(uploader, { refused: 4 });
});

test('pausing stops what is under way, and nothing is lost', async () => {
  const uploader = await open();
  await uploader.add(await uploader.queue.addBatch(terms), photos(30));
  await until(() => server.photos.size > 3);
  uploader.pause();
  await until(() => uploader.queue.progress.counts.sending === 0);
  expect(uploader.queue.progress.counts.waiting).toBeGreaterThan(0);
  uploader.resume();
  await settled(uploader, {});
  expect(server.photos.size).toBe(30);
});

test('what is taken off the list is not sent', async () => {
  const uploader = await open();
  uploader.pause();
  await uploader.add(await uploader.queue.addBatch(terms), photos(5));
  await uploader.remove(uploader.queue.list('all').slice(1));
  uploader.resume();
  await settled(uploader, { onSale: 1 });
  expect(server.photos.size).toBe(1);
  expect((await store.load()).items).toHaveLength(1);
});

test('a photo whose images failed is made again on demand', async () => {
  server.plan.fate = () => 'failed';
  const uploader = await open();
  await uploader.add(await uploader.queue.addBatch(terms), photos(1));
  await settled(uploader, { failed: 1 });
  expect(uploader.queue.list('refused')[0]?.why?.code).toBe('PROCESSING_FAILED');
  server.plan.fate = () => 'processed';
  await uploader.retry(uploader.queue.list('refused'));
  await settled(uploader, { onSale: 1 });
});

test('bytes that are left and bytes that went add up', async () => {
  const uploader = await open();
  await uploader.add(await uploader.queue.addBatch(terms), photos(20, 1_000));
  await settled(uploader, { onSale: 20 });
  const { totalBytes, sentBytes, total } = uploader.queue.progress;
  expect({ totalBytes, sentBytes, total }).toEqual({ totalBytes: 20_000, sentBytes: 20_000, total: 20 });
});

const goodBearer = { token: async () => 'good', renew: async () => undefined, language: () => 'en' };

async function open(parts: Partial<UploaderParts> = {}): Promise<Uploader> {
  const uploader = new Uploader({
    tus: openTus(fetchTransport(server.address), goodBearer),
    store,
    hash: hashFile,
    openThrough: async () => undefined,
    isOnline: () => true,
    parallelMax: 5,
    pauses: quick,
    pollPauses: quick,
    ...parts,
  });
  running.push(uploader);
  await uploader.start();
  return uploader;
}

/** Waits until each file has an end, and compares how many have which. */
async function settled(uploader: Uploader, counts: Partial<Record<Phase, number>>): Promise<void> {
  await until(() => {
    const { waiting, sending, making, ...rest } = uploader.queue.progress.counts;
    const expected = Object.entries(counts).every(([phase, count]) => rest[phase as keyof typeof rest] === count);
    return waiting + sending + making === 0 && expected;
  });
}

async function until(isSo: () => boolean): Promise<void> {
  await expect.poll(isSo, { timeout: 55_000, interval: 5 }).toBe(true);
}

function photos(count: number, sizeBytes = 500): FoundFile[] {
  return Array.from({ length: count }, (_, index) =>
    found(`Race/${sizeBytes}-${index}.jpg`, `${index} `.padEnd(sizeBytes, 'x')),
  );
}

function found(path: string, content: string): FoundFile {
  const file = new File([content], path.slice(path.lastIndexOf('/') + 1), { lastModified: 1_700_000_000_000 });
  return { path, sizeBytes: file.size, modifiedAt: file.lastModified, rootId: null, file };
}
