import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { ApiClient } from '@kilas/client/api-client.ts';
import { becomeCreator, register } from '@kilas/client/journey/people.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { makeLargeImage } from '@kilas/upload/testing/images.ts';
import { sha256Of, type TusAnswer, type TusClient, tusClient } from '@kilas/upload/testing/tus-client.ts';
import { afterAll, expect, test } from 'vitest';
import { killableRun } from './killable-run.ts';

const { url, start, end, remove } = await killableRun();
afterAll(remove);

const fileCount = 24;
const partBytes = 70_000;
/** After so many parts were answered the process is killed, within the next moments. */
const killsAfter = [15, 30, 45, 60, 75];

/** Asks until there is an answer that says something of the upload, as a client does over a bad connection. */
async function patiently(ask: () => Promise<TusAnswer>): Promise<TusAnswer> {
  for (;;) {
    const answer = await ask().catch(() => undefined);
    if (answer !== undefined && ![423, 503].includes(answer.status)) return answer;
    await delay(100);
  }
}

/** Sends a file in parts until it is told what became of it. */
async function push(client: TusClient, bytes: Buffer, title: string, onPart: () => void): Promise<unknown> {
  const metadata = { priceIdr: '1000', title, sha256: sha256Of(bytes) };
  const created = await patiently(() => client.create(bytes.length, metadata));
  const location = created.headers.get('location') ?? '';
  for (;;) {
    const offset = Number((await patiently(() => client.head(location))).headers.get('upload-offset'));
    const part = bytes.subarray(offset, offset + partBytes);
    // Of a file that is whole by now the last part is sent once more: nobody heard what became of it.
    const from = part.length === 0 ? bytes.length - (bytes.length % partBytes || partBytes) : offset;
    const answer = await client.patch(location, from, bytes.subarray(from, from + partBytes)).catch(() => undefined);
    onPart();
    if (answer?.json?.state !== undefined) return answer.json;
  }
}

test('killed five times while files come in parts, each is one photo, of exactly its bytes', async () => {
  await start();
  const creator = await register(new ApiClient(url), 'creator');
  await becomeCreator(creator, 'Lensa');
  const client = tusClient(url, { authorization: `Bearer ${creator.token}` });
  const files = await Promise.all(Array.from({ length: fileCount }, () => makeLargeImage()));
  let partCount = 0;
  const waiting = [...files.entries()];
  const ends: unknown[] = [];
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, bytes] = next;
      ends[index] = await push(client, bytes, `photo ${index}`, () => {
        partCount += 1;
      });
    }
  };
  const working = Promise.all(Array.from({ length: 4 }, work));
  for (const count of killsAfter) {
    await waitFor(() => partCount >= count, { what: `${count} parts`, timeoutMs: 60_000, everyMs: 1 });
    await delay(randomInt(40));
    await end('SIGKILL');
    await start();
  }
  await working;
  expect(ends).toEqual(
    files.map(() => ({
      uploadId: expect.any(String),
      state: expect.stringMatching(/accepted|processed/),
      photoId: expect.any(String),
    })),
  );
  const photos = await creator.list('/v1/creator/photos');
  expect(photos.map(({ title }) => title).sort()).toEqual(files.map((_, index) => `photo ${index}`).sort());
});
