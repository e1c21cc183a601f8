import { setTimeout as delay } from 'node:timers/promises';
import { type Kysely, sql } from 'kysely';
import { openDatabase } from './database.ts';

/** Vacuums of other sessions are waited for no longer, in milliseconds; autovacuum gives way by itself. */
const lockTimeoutMs = 60_000;

/**
 * Takes rows that were deleted out of tables and their indexes at once, where PostgreSQL would do so some day. What it covers:
 * heap, TOAST and indexes. Not: the bytes in the free part of a page until it is written again, the WAL until it is recycled,
 * backups. The role needs the right MAINTAIN on the tables (`TableUse.vacuumed`) or has to own them.
 */
export class Vacuum {
  readonly #url: string;
  readonly #tables: readonly string[];
  readonly #besides: readonly string[];
  #running: Promise<boolean> | undefined;
  #next: Promise<boolean> | undefined;

  constructor(options: {
    url: string;
    tables: readonly string[];
    /** Cleaned as well, but so busy that there are always dead rows: what is left there says nothing. */
    besides?: readonly string[];
  }) {
    this.#url = options.url;
    this.#tables = options.tables;
    this.#besides = options.besides ?? [];
  }

  /**
   * True when nothing that was deleted from `tables` before the call is left; false when something holds it, as the snapshot of a backup or a
   * long transaction. Whoever calls while it runs waits for the next one, all together: the one that runs may be past their rows.
   */
  async run(): Promise<boolean> {
    if (this.#running === undefined) return this.#start();
    const previous = this.#running;
    this.#next ??= previous
      .catch(() => {})
      .then(() => {
        this.#next = undefined;
        return this.#start();
      });
    return this.#next;
  }

  /** As `run`, but answers false after `timeoutMs`, while it goes on behind. What goes wrong then is told to the next caller. */
  async runFor(timeoutMs: number): Promise<boolean> {
    const late = new AbortController();
    const run = this.run();
    run.catch(() => {});
    const tooLate = delay(timeoutMs, false, { signal: late.signal }).catch(() => false);
    try {
      return await Promise.race([run, tooLate]);
    } finally {
      late.abort();
    }
  }

  /** Waits until none runs. */
  async settled(): Promise<void> {
    while (this.#running !== undefined) await this.#running.catch(() => {});
  }

  #start(): Promise<boolean> {
    const run = vacuumAll(this.#url, this.#tables, this.#besides).finally(() => {
      if (this.#running === run) this.#running = undefined;
    });
    this.#running = run;
    return run;
  }
}

/** On a connection of its own: a table with an index of vectors may take longer than any statement of a request may. */
async function vacuumAll(url: string, tables: readonly string[], besides: readonly string[]): Promise<boolean> {
  const db = openDatabase<unknown>({
    url,
    poolSizeMax: 1,
    statementTimeoutMs: 0,
    lockTimeoutMs,
    applicationName: 'kilas-vacuum',
    onTrouble: () => {},
  });
  try {
    let isClean = true;
    for (const table of [...besides, ...tables]) {
      const isProven = tables.includes(table);
      let deadRows = await vacuumOne(db, table);
      // Sessions count what they deleted up to a second late, so it may be counted although it is gone: once more is quick then.
      if (isProven && deadRows > 0n) deadRows = await vacuumOne(db, table);
      if (isProven) isClean &&= deadRows === 0n;
    }
    return isClean;
  } finally {
    await db.destroy();
  }
}

/** Answers the dead rows that it had to leave. */
async function vacuumOne(db: Kysely<unknown>, table: string): Promise<bigint> {
  const before = await readState(db, table);
  // INDEX_CLEANUP: by default a few dead rows are left in the indexes. TRUNCATE would ask for a lock that stops readers.
  await sql`vacuum (index_cleanup on, truncate off) ${sql.table(table)}`.execute(db);
  const after = await readState(db, table);
  // Without the right PostgreSQL warns, and does nothing.
  if (after.runs === before.runs) throw new Error(`the role of this service may not VACUUM ${table}`);
  return after.deadRows;
}

/** After a VACUUM `deadRows` are those that it found and could not remove yet. */
async function readState(db: Kysely<unknown>, table: string): Promise<{ runs: bigint; deadRows: bigint }> {
  const { rows } = await sql<{ runs: bigint; dead_rows: bigint }>`
    select s.vacuum_count as runs, s.n_dead_tup + coalesce(t.n_dead_tup, 0) as dead_rows
    from pg_stat_user_tables s join pg_class c on c.oid = s.relid
    left join pg_stat_all_tables t on t.relid = c.reltoastrelid
    where s.schemaname = current_schema() and s.relname = ${table}`.execute(db);
  const row = rows[0];
  if (row === undefined) throw new Error(`there is no table ${table}`);
  return { runs: row.runs, deadRows: row.dead_rows };
}
