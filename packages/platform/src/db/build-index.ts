import { setTimeout as delay } from 'node:timers/promises';
import { type Kysely, type QueryExecutorProvider, sql } from 'kysely';
import pg from 'pg';
import { tryLock, unlock } from './advisory-locks.ts';
import { openDatabase } from './database.ts';
import { DatabaseAway } from './database-away.ts';
import { ownerName } from './database-rights.ts';

const lookEveryMs = 2_000;
/** How soon the server notices that whoever asked for a build is gone; else it would go on to the end, and hold its lock. */
const leftBehindMs = 5_000;
/** Nobody ends what waits for older transactions, or takes hours. Where a server lacks one of these, as Windows and PGlite do, it goes without. */
const sessionSettings = [
  ['lock_timeout', '0'],
  ['statement_timeout', '0'],
  ['client_connection_check_interval', `${leftBehindMs}ms`],
  ['tcp_keepalives_idle', '30'],
  ['tcp_keepalives_interval', '10'],
  ['tcp_keepalives_count', '3'],
] as const;
const buildSettings = ['maintenance_work_mem', 'max_parallel_maintenance_workers'] as const;

export interface IndexProgress {
  /** `waiting` for transactions that began before, `building`, or `checking` what was written meanwhile. */
  readonly phase: 'waiting' | 'building' | 'checking';
  /** In the index. */
  readonly rows: number;
  /** Of the table, 0 to 1, in this phase. */
  readonly share: number;
}

export interface IndexBuildOptions {
  /** Of the role that owns the tables. */
  readonly ownerUrl: string;
  /** Ends the build when it is aborted. */
  readonly signal?: AbortSignal;
  /** Called every two seconds while something is built. */
  readonly onProgress?: (progress: IndexProgress) => void;
  /** What the server says meanwhile, such as that an index no longer fits into its memory. */
  readonly onNotice?: (text: string) => void;
}

/** The build was ended before its time: on demand, or since a migration waited for the table. */
export class IndexBuildEnded extends Error {
  override readonly name = 'IndexBuildEnded';
}

/**
 * Runs `build` on a session of the tables' owner that nothing but its own end ends: no timeout, but the death of this process,
 * an abort, or a migration that waits for the table. One at a time on a database; `undefined` when another one builds. What a build
 * that was ended leaves is an invalid index, which whoever builds next has to drop.
 */
export async function buildAlone<Result>(
  options: IndexBuildOptions,
  build: (session: Kysely<unknown>) => Promise<Result>,
): Promise<Result | undefined> {
  const db = openDatabase<unknown>({
    url: options.ownerUrl,
    poolSizeMax: 2,
    statementTimeoutMs: 0,
    applicationName: 'kilas-index-build',
    onTrouble: () => {},
    ...(options.onNotice === undefined ? {} : { onNotice: options.onNotice }),
  });
  try {
    return await db.connection().execute(async (session) => {
      if (!(await tryLock(session, 'indexBuild'))) return undefined;
      const watch = new Watch(db, await backendOf(session), options);
      try {
        for (const [name, value] of sessionSettings) await setIfKnown(session, name, value);
        return await build(session);
      } catch (error) {
        throw watch.hasEnded ? new IndexBuildEnded('the index is not built to its end', { cause: error }) : error;
      } finally {
        await watch.stop();
        // On PGlite all clients share one session.
        for (const name of [...sessionSettings.map(([name]) => name), ...buildSettings])
          await resetIfKnown(session, name);
        await unlock(session, 'indexBuild').catch(() => {});
      }
    });
  } finally {
    await db.destroy();
  }
}

/**
 * Runs CREATE INDEX CONCURRENTLY with so much memory. Workers share it in /dev/shm, which in containers is small by default: where
 * they do not get it, one process builds alone, in its own memory.
 */
export async function createIndex(
  session: QueryExecutorProvider,
  index: { memoryMb: number; drop: () => Promise<void>; create: () => Promise<void> },
): Promise<void> {
  await sql`select set_config('maintenance_work_mem', ${`${index.memoryMb}MB`}, false)`.execute(session);
  await index.drop();
  try {
    await index.create();
  } catch (error) {
    if (!isOutOfSharedMemory(error)) throw error;
    await sql`set max_parallel_maintenance_workers = 0`.execute(session);
    await index.drop();
    await index.create();
  }
}

/** Looks now and then, on a connection of its own, at what a build does. */
class Watch {
  hasEnded = false;
  readonly #db: Kysely<unknown>;
  readonly #backend: number;
  readonly #options: IndexBuildOptions;
  readonly #stopped = new AbortController();
  readonly #running: Promise<void>;

  constructor(db: Kysely<unknown>, backend: number, options: IndexBuildOptions) {
    this.#db = db;
    this.#backend = backend;
    this.#options = options;
    this.#running = this.#run();
  }

  /** On PGlite a look waits for the build, so it is over soon as well. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal, onProgress } = this.#options;
    const ended = AbortSignal.any([this.#stopped.signal, ...(signal === undefined ? [] : [signal])]);
    while (!this.#stopped.signal.aborted) {
      await delay(lookEveryMs, undefined, { signal: ended }).catch(() => {});
      if (this.#stopped.signal.aborted) return;
      // What cannot be looked at now is looked at next time.
      const look = await this.#look().catch(() => undefined);
      if (signal?.aborted === true || look?.isInTheWay === true) {
        this.hasEnded = true;
        await sql`select pg_cancel_backend(${this.#backend})`.execute(this.#db).catch(() => {});
        await delay(lookEveryMs, undefined, { signal: this.#stopped.signal }).catch(() => {});
      } else if (look !== undefined) {
        onProgress?.(look);
      }
    }
  }

  async #look(): Promise<(IndexProgress & { isInTheWay: boolean }) | undefined> {
    const { rows } = await sql<{ phase: string; rows: number; share: number; isInTheWay: boolean }>`
      select phase, tuples_done::float8 as rows,
        coalesce(blocks_done::float8 / nullif(blocks_total, 0), 0) as share,
        exists (
          select from pg_stat_activity waiting
          where waiting.datname = current_database() and waiting.application_name = ${ownerName}
            and building.pid = any (pg_blocking_pids(waiting.pid))
        ) as "isInTheWay"
      from pg_stat_progress_create_index building where pid = ${this.#backend}`.execute(this.#db);
    const [row] = rows;
    if (row === undefined) return undefined;
    return { ...row, phase: phaseOf(row.phase) };
  }
}

function phaseOf(phase: string): IndexProgress['phase'] {
  if (phase.startsWith('building')) return 'building';
  return phase.startsWith('index validation') ? 'checking' : 'waiting';
}

async function backendOf(session: QueryExecutorProvider): Promise<number> {
  const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(session);
  return rows[0]?.pid ?? 0;
}

async function setIfKnown(session: QueryExecutorProvider, name: string, value: string): Promise<void> {
  await sql`select set_config(${name}, ${value}, false)`.execute(session).catch(ignoreRefusal);
}

async function resetIfKnown(session: QueryExecutorProvider, name: string): Promise<void> {
  await sql`reset ${sql.id(name)}`.execute(session).catch(() => {});
}

function ignoreRefusal(error: unknown): void {
  if (!(error instanceof pg.DatabaseError)) throw error;
}

function isOutOfSharedMemory(error: unknown): boolean {
  const cause = error instanceof DatabaseAway ? error.cause : error;
  return (
    cause instanceof pg.DatabaseError && cause.code?.startsWith('53') === true && /shared memory/.test(cause.message)
  );
}
