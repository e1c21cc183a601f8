import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createProgress } from '@kilas/cli/progress.ts';
import { ApiClient } from '@kilas/client/api-client.ts';
import { runJourney } from '@kilas/client/journey/run-journey.ts';
import { findFreePort } from '@kilas/embedded/free-port.ts';
import { serviceNames } from '@kilas/installation/service-names.ts';
import { makeSelfie, samplePhotoFiles } from '@kilas/samples/photos.ts';
import { startOwnPostgres } from '@kilas/testkit/own-postgres.ts';
import { query } from '@kilas/testkit/query.ts';
import { startSystem, type TestSystem } from '@kilas/testkit/start-system.ts';
import { createTestVectorDatabase } from '@kilas/testkit/test-database.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { provisionDatabases, servicesWithRoles } from './provisioned-databases.ts';

const server = await startOwnPostgres();
afterAll(() => server.stop());
const faces = await createTestVectorDatabase();
const folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-replicas-'));
const databases = {
  ...(await provisionDatabases(server.adminUrl('postgres'))),
  ai: { DATABASE_URL: faces.url },
};
let systems: TestSystem[] = [];
let url: string;

beforeAll(async () => {
  const port = await findFreePort();
  url = `http://127.0.0.1:${port}`;
  const env = {
    PUBLIC_URL: url,
    SANDBOX_WEBHOOK_URL: `${url}/v1/payments/sandbox/webhook`,
    OBJECTS_FOLDER: path.join(folder, 'objects'),
    OBJECTS_SIGNING_KEY: 'known-to-both-replicas-0123456789abcdef',
    MAIL_URL: `folder:${path.join(folder, 'mail')}`,
    SANDBOX_WEBHOOK_KEY: 'known-to-both-replicas-0123456789abcdef',
    FACES_SECRET: 'known-to-both-replicas-0123456789abcdef',
  };
  // Two of each service at the same moment on databases that hold nothing yet.
  systems = await Promise.all([1, 2].map(() => startSystem({ services: serviceNames, databases, env })));
  await systems[0]?.app.listen({ host: '127.0.0.1', port });
});

afterAll(async () => {
  await Promise.all(systems.map((system) => system.close()));
  await faces.drop();
  await rm(folder, { recursive: true, force: true });
});

async function count(database: string, from: string): Promise<unknown> {
  return (await query(server.adminUrl(database), `select count(*)::int as count from ${from}`))[0]?.count;
}

test('all of them become ready', async () => {
  for (const { app } of systems) {
    // The face engines open in the background.
    const isReady = async () => (await app.inject('/readyz')).json().status === 'ok';
    await waitFor(isReady, { what: 'each service to be ready', timeoutMs: 60_000 });
  }
});

test.each(servicesWithRoles)('%s has all its tables', async (service) => {
  const files = await readdir(new URL(`../services/${service}/src/db/migrations/`, import.meta.url));
  expect(await count(`kilas_${service}`, 'migrations')).toBe(files.length);
});

test('a job that comes every minute comes once, however many there are', async () => {
  const found = `jobs.job where name = 'reconcile-orders'`;
  await waitFor(async () => Number(await count('kilas_transaction', found)) > 0, {
    what: 'the minute to turn',
    timeoutMs: 120_000,
  });
  const inOneMinute = `(select from ${found} group by date_trunc('minute', created_on) having count(*) > 1) as twice`;
  expect(await count('kilas_transaction', inOneMinute)).toBe(0);
}, 130_000);

test('what one replica took in both work on, and it comes out once', async () => {
  const photoFiles = (await samplePhotoFiles()).slice(0, 3);
  const input = { photoFiles, selfies: [await makeSelfie()], priceIdr: 50_000, eventName: 'City Run' };
  const result = await runJourney(
    new ApiClient(url),
    input,
    createProgress(() => {}),
  );
  expect(result).toMatchObject({ photos: 3, originalSha256Matches: true, walletIdr: 40_000 });
  expect(await count('kilas_transaction', 'licences')).toBe(1);
  expect(await count('kilas_transaction', `entries where kind = 'sale'`)).toBe(1);
});
