import { createProgress } from '@kilas/cli/progress.ts';
import { ApiClient } from '@kilas/client/api-client.ts';
import { runJourney } from '@kilas/client/journey/run-journey.ts';
import { findFreePort } from '@kilas/embedded/free-port.ts';
import { type ServiceName, serviceNames } from '@kilas/installation/service-names.ts';
import { makeSelfie, samplePhotoFiles } from '@kilas/samples/photos.ts';
import { startOwnPostgres } from '@kilas/testkit/own-postgres.ts';
import { query } from '@kilas/testkit/query.ts';
import { startSystem, type TestSystem } from '@kilas/testkit/start-system.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { provisionDatabases, servicesWithRoles } from './provisioned-databases.ts';

const server = await startOwnPostgres();
afterAll(() => server.stop());
const databases = await provisionDatabases(server.adminUrl('postgres'));
let system: TestSystem;
let url: string;

beforeAll(async () => {
  const port = await findFreePort();
  url = `http://127.0.0.1:${port}`;
  const env = { PUBLIC_URL: url, SANDBOX_WEBHOOK_URL: `${url}/v1/payments/sandbox/webhook` };
  system = await startSystem({ services: serviceNames, databases, env });
  await system.app.listen({ host: '127.0.0.1', port });
});

afterAll(async () => {
  await system.close();
});

async function ask(service: ServiceName, text: string): Promise<unknown[]> {
  return query(databases[service]?.DATABASE_URL ?? '', text);
}

test('with the rights of their roles the services do all their work', async () => {
  const photoFiles = (await samplePhotoFiles()).slice(0, 2);
  const input = { photoFiles, selfies: [await makeSelfie()], priceIdr: 50_000, eventName: 'City Run' };
  const result = await runJourney(
    new ApiClient(url),
    input,
    createProgress(() => {}),
  );
  expect(result).toMatchObject({ photos: 2, originalSha256Matches: true, walletIdr: 40_000 });
});

test.each(servicesWithRoles)('%s owns no table and can make, change, empty and drop none', async (service) => {
  const owned = `select c.relname from pg_class c where c.relowner = (select oid from pg_roles where rolname = current_user)`;
  expect(await ask(service, owned)).toEqual([]);
  for (const statement of [
    'create table mine (n int)',
    'create table jobs.mine (n int)',
    'alter table migrations add column m int',
    'truncate jobs.job',
    'drop table jobs.queue',
    `insert into migrations (name) values ('0009-mine.sql')`,
    'delete from migrations',
  ]) {
    await expect(ask(service, statement), statement).rejects.toThrow(/permission denied|must be owner/);
  }
});

test.each(['entries', 'postings', 'licences', 'order_items', 'received_payments'])(
  'what stands in %s the service can neither change nor delete',
  async (table) => {
    await expect(ask('transaction', `delete from ${table}`)).rejects.toThrow(`permission denied for table ${table}`);
    await expect(ask('transaction', `update ${table} set order_id = null`)).rejects.toThrow(/permission|column/);
    await expect(ask('transaction', `truncate ${table} cascade`)).rejects.toThrow('permission denied');
    expect(await ask('transaction', `select count(*)::int > 0 as some from ${table}`)).toEqual([{ some: true }]);
  },
);
