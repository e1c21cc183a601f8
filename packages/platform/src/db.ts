import { readdir, readFile } from 'node:fs/promises';
import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import pg from 'pg';

const int8Oid = 20;

/** BIGINT arrives as bigint, exact; everything else as pg reads it. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === int8Oid && format !== 'binary' ? BigInt : pg.types.getTypeParser(oid, format),
};

export interface DatabaseOptions {
  readonly url: string;
  readonly poolSizeMax: number;
  /** A statement that takes longer is ended by the server, in milliseconds. */
  readonly statementTimeoutMs?: number;
  readonly onIdleError: (error: Error) => void;
}

export function openDatabase<Schema>(options: DatabaseOptions): Kysely<Schema> {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolSizeMax,
    statement_timeout: options.statementTimeoutMs ?? 30_000,
    idle_in_transaction_session_timeout: 60_000,
    types,
  });
  // A connection that breaks while idle must not end the process; the next query opens another one.
  pool.on('error', options.onIdleError);
  // Nor one that breaks inside a transaction, for which the pool does not listen: the next statement fails with it.
  pool.on('connect', (client) => client.on('error', () => {}));
  return new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
}

/** Either the database or an open transaction: what a store's functions take first. */
export type Db<Schema> = Kysely<Schema> | Transaction<Schema>;

/** Whether the database answers. */
export async function isReachable<Schema>(db: Kysely<Schema>): Promise<boolean> {
  try {
    await sql`select 1`.execute(db);
    return true;
  } catch {
    return false;
  }
}

const migrationLock = 7_308_324_465_820_163n;

/**
 * Runs the numbered `.sql` files of a folder that have not run yet, each in a transaction of its own, forward only.
 * Replicas that start together wait for each other on an advisory lock.
 */
export async function migrate<Schema>(db: Kysely<Schema>, folder: URL): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}-[\w-]+\.sql$/.test(name)).sort();
  return db.connection().execute(async (connection) => {
    await sql`select pg_advisory_lock(${migrationLock})`.execute(connection);
    try {
      await sql`create table if not exists migrations (
        name text primary key,
        applied_at timestamptz not null default now()
      )`.execute(connection);
      const { rows } = await sql<{ name: string }>`select name from migrations`.execute(connection);
      const applied = new Set(rows.map((row) => row.name));
      const pending = names.filter((name) => !applied.has(name));
      for (const name of pending) {
        const text = await readFile(new URL(name, folder), 'utf8');
        await connection.transaction().execute(async (tx) => {
          await sql.raw(text).execute(tx);
          await sql`insert into migrations (name) values (${name})`.execute(tx);
        });
      }
      return pending;
    } finally {
      await sql`select pg_advisory_unlock(${migrationLock})`.execute(connection);
    }
  });
}

/** The name of the constraint that a statement broke; a store turns it into a refusal. Undefined for any other error. */
export function brokenConstraint(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError && error.code?.startsWith('23') ? error.constraint : undefined;
}
