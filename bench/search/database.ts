import { randomBytes } from 'node:crypto';
import type { AiSchema } from '@kilas/ai/db/schema.ts';
import { startPglite } from '@kilas/embedded/start-pglite.ts';
import { openDatabase } from '@kilas/platform/db/database.ts';
import { migrate } from '@kilas/platform/db/migrate.ts';
import { type Kysely, sql } from 'kysely';

export interface BenchDatabase {
  readonly name: 'pglite' | 'postgres';
  readonly db: Kysely<AiSchema>;
  close(): Promise<void>;
}

/** The tables of ai on a PGlite in memory, or in a new database of a server, which `close` drops. */
export async function openBenchDatabase(serverUrl: string | undefined): Promise<BenchDatabase> {
  const { url, drop } = serverUrl === undefined ? await openPglite() : await createDatabase(serverUrl);
  const db = open<AiSchema>(url);
  try {
    await migrate(db, new URL('./db/migrations/', import.meta.resolve('@kilas/ai/context.ts')));
  } catch (error) {
    await db.destroy();
    await drop();
    throw error;
  }
  return {
    name: serverUrl === undefined ? 'pglite' : 'postgres',
    db,
    close: async () => {
      await db.destroy();
      await drop();
    },
  };
}

async function openPglite() {
  const { url, stop } = await startPglite();
  return { url, drop: stop };
}

async function createDatabase(serverUrl: string) {
  const name = `kilas_bench_${randomBytes(6).toString('hex')}`;
  const server = open<object>(serverUrl);
  await sql`create database ${sql.id(name)}`.execute(server);
  const url = new URL(serverUrl);
  url.pathname = name;
  return {
    url: url.href,
    drop: async () => {
      await sql`drop database ${sql.id(name)} with (force)`.execute(server);
      await server.destroy();
    },
  };
}

function open<Schema>(url: string): Kysely<Schema> {
  return openDatabase<Schema>({ url, poolSizeMax: 1, statementTimeoutMs: 0, onTrouble: () => {} });
}
