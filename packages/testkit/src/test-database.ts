import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { startPglite } from '@kilas/embedded/start-pglite.ts';
import pg from 'pg';
import { inject } from 'vitest';

const insufficientPrivilege = '42501';
const dropAttemptsMax = 20;
const dropRetryMs = 250;

export interface TestDatabase {
  readonly url: string;
  /** Ends what is still connected, and deletes it. */
  drop(): Promise<void>;
}

/** A fresh, empty database of its own for a test file, on the run's PostgreSQL server; its owner is no superuser. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const serverUrl = inject('postgresUrl');
  if (serverUrl === undefined) {
    throw new Error(
      'no PostgreSQL server for tests: name packages/testkit/src/global-setup.ts in globalSetup of Vitest',
    );
  }
  const name = `test_${randomBytes(8).toString('hex')}`;
  await execute(serverUrl, `create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = name;
  return { url: url.href, drop: () => dropDatabase(serverUrl, name) };
}

/** Tried again while a worker of the server itself, which only a superuser may end, is at work there: autovacuum. */
async function dropDatabase(serverUrl: string, name: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await execute(serverUrl, `drop database if exists ${name} with (force)`);
    } catch (error) {
      const isOfServer = error instanceof pg.DatabaseError && error.code === insufficientPrivilege;
      if (!isOfServer || attempt === dropAttemptsMax) throw error;
      await delay(dropRetryMs);
    }
  }
}

/** A fresh PGlite with pgvector in memory, in a process of its own; `create extension vector` is left to migrations. */
export async function createTestVectorDatabase(): Promise<TestDatabase> {
  const server = await startPglite();
  return { url: server.url, drop: server.stop };
}

async function execute(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
