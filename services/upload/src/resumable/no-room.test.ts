import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeImage } from '../testing/images.ts';
import { startUploads, type UploadSystem } from '../testing/start-uploads.ts';
import { type TusClient, tusClient } from '../testing/tus-client.ts';

let uploads: UploadSystem;
let client: TusClient;

beforeAll(async () => {
  // More than any disk has.
  uploads = await startUploads({ isWorking: false, env: { SPOOL_FREE_MIN_BYTES: String(2 ** 52) } });
  const url = await uploads.system.app.listen({ host: '127.0.0.1', port: 0 });
  client = tusClient(url, (await uploads.signUp({ creator: true })).headers);
});

afterAll(() => uploads?.close());

test('without room no byte is taken, and the upload stays as it is', async () => {
  const bytes = await makeImage();
  const location = await client.begin(bytes.length);
  const answer = await client.patch(location, 0, bytes);
  expect(answer).toMatchObject({ status: 507, json: { code: 'DISK_FULL' } });
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await client.create(bytes.length, { priceIdr: '1' }, bytes)).toMatchObject({ status: 507 });
  expect(await client.offsetOf(location)).toBe(0);
});
