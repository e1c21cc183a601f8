import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { type Kysely, sql } from 'kysely';
import pg from 'pg';
import { tryLock, unlock } from './advisory-locks.ts';
import { DatabaseAway } from './database-away.ts';

const turnPollMs = 200;
/** A migration that waits for a lock makes everybody else wait behind it: it gives up early and tries again, so often. */
const lockTimeoutMs = 3_000;
const lockAttemptsMax = 20;

/** Which migrations ran. Without it, tables that are there make the first migration fail: see the restore of a backup. */
export const migrationsTable = `create table if not exists migrations (
  name text primary key,
  applied_at timestamptz not null default now()
)`;

/** First line of a file with one statement that PostgreSQL runs outside of transactions only, as CREATE INDEX CONCURRENTLY. */
const alone = /^-- no transaction\s*$/m;

/**
 * Runs the numbered `.sql` files of a folder that have not run yet, forward only; answers their names. Each runs in a
 * transaction with the note that it ran, so a crash leaves nothing half. One that says "-- no transaction" may run again after
 * a crash; what it left of an index is dropped before. Replicas that start together take turns.
 */
export async function migrate<Schema>(db: Kysely<Schema>, folder: URL): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}-[\w-]+\.sql$/.test(name)).sort();
  return db.connection().execute(async (session) => {
    await waitForTurn(session);
    try {
      await sql.raw(migrationsTable).execute(session);
      const { rows } = await sql<{ name: string }>`select name from migrations`.execute(session);
      const known = new Set(rows.map((row) => row.name));
      const applied: string[] = [];
      for (const name of names.filter((candidate) => !known.has(candidate))) {
        const text = await readFile(new URL(name, folder), 'utf8');
        const run = alone.test(text.split('\n', 1)[0] ?? '') ? runAlone : runInTransaction;
        if (await run(session, name, text)) applied.push(name);
      }
      return applied;
    } finally {
      await unlock(session, 'migration');
    }
  });
}

/** Asks again and again: whoever waits inside a statement would be waited for by CREATE INDEX CONCURRENTLY in turn. */
async function waitForTurn<Schema>(session: Kysely<Schema>): Promise<void> {
  for (;;) {
    if (await tryLock(session, 'migration')) return;
    await delay(turnPollMs);
  }
}

/** False when another replica was faster, on a database whose sessions share their locks (PGlite). */
async function runInTransaction<Schema>(session: Kysely<Schema>, name: string, text: string): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await session.transaction().execute(async (tx) => {
        await sql.raw(`set local lock_timeout = ${lockTimeoutMs}; set local statement_timeout = 0`).execute(tx);
        const { rows } = await sql`insert into migrations (name) values (${name})
          on conflict do nothing returning name`.execute(tx);
        if (rows.length === 0) return false;
        await sql.raw(text).execute(tx);
        return true;
      });
    } catch (error) {
      if (!isLockTimeout(error) || attempt === lockAttemptsMax) throw error;
      await delay(lockTimeoutMs);
    }
  }
}

async function runAlone<Schema>(session: Kysely<Schema>, name: string, text: string): Promise<boolean> {
  await sql.raw('set lock_timeout = 0; set statement_timeout = 0').execute(session);
  try {
    await dropBrokenIndexes(session);
    await sql.raw(text).execute(session);
    await sql`insert into migrations (name) values (${name}) on conflict do nothing`.execute(session);
    return true;
  } finally {
    await sql.raw('reset lock_timeout; reset statement_timeout').execute(session);
  }
}

/** CREATE INDEX CONCURRENTLY IF NOT EXISTS would take what a broken attempt left for the index. */
async function dropBrokenIndexes<Schema>(session: Kysely<Schema>): Promise<void> {
  const { rows } = await sql<{ schema: string; name: string }>`
    select n.nspname as schema, c.relname as name
    from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
    where not i.indisvalid and n.nspname = current_schema()
      and not exists (select from pg_stat_progress_create_index p where p.index_relid = i.indexrelid)`.execute(session);
  for (const { schema, name } of rows) {
    await sql`drop index concurrently if exists ${sql.id(schema, name)}`.execute(session);
  }
}

function isLockTimeout(error: unknown): boolean {
  return error instanceof DatabaseAway && error.cause instanceof pg.DatabaseError && error.cause.code === '55P03';
}
