import { randomBytes } from 'node:crypto';
import { startPglite } from '@kilas/embedded/start-pglite.ts';
import pg from 'pg';
import { inject } from 'vitest';

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
  return { url: url.href, drop: () => execute(serverUrl, `drop database if exists ${name} with (force)`) };
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
