import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { findFreePort } from '@kilas/embedded/free-port.ts';
import { startPostgres } from '@kilas/embedded/start-postgres.ts';
import { createTestDatabase } from '@kilas/testkit/test-database.ts';
import { sql } from 'kysely';
import { afterAll, expect, test } from 'vitest';
import { systemClock } from '../process/clock.ts';
import { parseEnv } from '../process/env.ts';
import { MemoryNetwork } from '../rpc/rpc-client.ts';
import { newServiceKey } from '../rpc/service-token.ts';
import { openMemorySharedState } from '../shared/memory-shared-state.ts';
import { openBase } from './base-context.ts';
import { serviceEnv } from './service-config.ts';

const folder = await mkdtemp(path.join(await realpath(os.tmpdir()), 'kilas-base-'));
// As root the server runs under another account, which must be able to pass.
await chmod(folder, 0o711);
const migrations = path.join(folder, 'migrations');
await mkdir(migrations);
await writeFile(path.join(migrations, '0001-things.sql'), 'create table things (n int)');

afterAll(() => rm(folder, { recursive: true, force: true }));

test('a service that starts before its database waits for it', async () => {
  const options = { dataDir: path.join(folder, 'postgres'), port: await findFreePort(), durable: false };
  const first = await startPostgres(options);
  await first.createDatabase('things');
  const url = first.url('things');
  await first.stop();
  const base = openContext(url);
  const migrated = base.migrate(pathToFileURL(`${migrations}/`));
  expect(await base.ready()).toMatchObject({ database: 'away' });
  const server = await startPostgres(options);
  try {
    await migrated;
    expect((await sql`select * from things`.execute(base.db)).rows).toEqual([]);
  } finally {
    await base.close();
    await server.stop();
  }
});

test('a database that does not let the service in is an error, not something to wait for', async () => {
  const { url, drop } = await createTestDatabase();
  const wrong = new URL(url);
  wrong.pathname = '/there_is_no_such_database';
  const base = openContext(wrong.href);
  await expect(base.migrate(pathToFileURL(`${migrations}/`))).rejects.toThrow(/does not exist/);
  await base.close();
  await drop();
});

function openContext(databaseUrl: string) {
  const env = {
    LOG_LEVEL: 'silent',
    HTTP_PORT: '0',
    RPC_PORT: '0',
    DATABASE_URL: databaseUrl,
    PUBLIC_URL: 'http://kilas.test',
    SERVICE_PRIVATE_KEY: newServiceKey().privateKeyPem,
    SERVICE_PUBLIC_KEYS: '{}',
  };
  const network = new MemoryNetwork();
  return openBase<object>('photo', parseEnv(serviceEnv, env), {
    clock: systemClock,
    shared: openMemorySharedState(),
    peers: (sign) => network.peersFor(sign),
  });
}
