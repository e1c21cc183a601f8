import { setTimeout as delay } from 'node:timers/promises';
import { Kysely, sql, type Transaction } from 'kysely';
import pg from 'pg';
import { DatabaseAway } from './database-away.ts';
import { readStoredTime } from './stored-time.ts';
import { SturdyDialect } from './sturdy-dialect.ts';

const int8Oid = 20;
const timestamptzOid = 1184;
/** Of a 0 pg says nothing, and the role may have another one. */
const noStatementTimeout = { options: '-c statement_timeout=0' };

/** BIGINT arrives as bigint, exact, and a time as every answer can carry it; everything else as pg reads it. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') => {
    if (format === 'binary') return pg.types.getTypeParser(oid, format);
    if (oid === int8Oid) return BigInt;
    return oid === timestamptzOid ? readStoredTime : pg.types.getTypeParser(oid, format);
  },
};

export interface DatabaseOptions {
  readonly url: string;
  /** Behind it a pooler gives each transaction another session of the server, and keeps no settings: the role has them, see role-timeouts.ts. */
  readonly isPooled?: boolean;
  readonly poolSizeMax: number;
  /** How long a request waits for a connection, new or from the pool, in milliseconds; then it hears `DatabaseAway`. */
  readonly connectTimeoutMs?: number;
  /** A statement that takes longer is ended by the server, in milliseconds; 0 for none. */
  readonly statementTimeoutMs?: number;
  /** A statement that waits longer for the lock of another is ended, in milliseconds. */
  readonly lockTimeoutMs?: number;
  /** A transaction that stands still longer is ended with its connection, in milliseconds. */
  readonly idleTransactionTimeoutMs?: number;
  /** Who this is in the server's list of connections (pg_stat_activity). */
  readonly applicationName?: string;
  /** Told what the server says beside its answers. */
  readonly onNotice?: (text: string) => void;
  /** Told of each connection that broke and each try to open one that failed. */
  readonly onTrouble: (error: Error) => void;
}

export function openDatabase<Schema>(options: DatabaseOptions): Kysely<Schema> {
  const { statementTimeoutMs = 30_000, lockTimeoutMs = 10_000, idleTransactionTimeoutMs = 60_000 } = options;
  const settings = {
    ...(statementTimeoutMs === 0 ? noStatementTimeout : { statement_timeout: statementTimeoutMs }),
    lock_timeout: lockTimeoutMs,
    idle_in_transaction_session_timeout: idleTransactionTimeoutMs,
  };
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolSizeMax,
    connectionTimeoutMillis: options.connectTimeoutMs ?? 30_000,
    ...(options.isPooled === true ? {} : settings),
    // Of a server that vanished in the middle of a statement nothing else would ever tell.
    query_timeout: statementTimeoutMs === 0 ? 0 : statementTimeoutMs + 5_000,
    application_name: options.applicationName ?? 'kilas',
    // Finds a server that vanished while the connection was idle.
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    // So that after a switch to another server, or a change of its address, the connections follow.
    maxLifetimeSeconds: 1_800,
    // Statements of a transaction that need not wait for each other go together.
    pipeline: true,
    types,
  });
  const opened: OpenedPool = { pool, lostAt: Number.NEGATIVE_INFINITY };
  const onTrouble = (error: Error) => {
    // Waiting for a lock or for a place in the pool says nothing of the server.
    const isLost = !(error instanceof DatabaseAway) || error.isWorthRetrying;
    if (isLost) opened.lostAt = performance.now();
    options.onTrouble(error);
  };
  // A connection that breaks while idle must not end the process; the next query opens another one.
  pool.on('error', onTrouble);
  // Nor one that breaks inside a transaction, for which the pool does not listen: the next statement fails with it.
  pool.on('connect', (client) => client.on('error', () => {}));
  const { onNotice } = options;
  if (onNotice !== undefined)
    pool.on('connect', (client) => client.on('notice', ({ message }) => onNotice(message ?? '')));
  const db = new Kysely<Schema>({ dialect: new SturdyDialect({ pool, onTrouble }) });
  pools.set(db, opened);
  return db;
}

/** Connections of a pool: open, of these idle; and how many requests wait until one comes free. */
export interface PoolUse {
  readonly open: number;
  readonly idle: number;
  readonly waiting: number;
}

interface OpenedPool {
  readonly pool: pg.Pool;
  /** When a connection was last lost or refused, by performance.now(). */
  lostAt: number;
}

const pools = new WeakMap<object, OpenedPool>();

export function poolUseOf<Schema>(db: Kysely<Schema>): PoolUse {
  const pool = pools.get(db)?.pool;
  if (pool === undefined) return { open: 0, idle: 0, waiting: 0 };
  // Those that get an idle one, or may open one, stand in pg-pool's queue too, until the next turn of the event loop.
  const isExhausted = pool.idleCount === 0 && pool.totalCount >= pool.options.max;
  return { open: pool.totalCount, idle: pool.idleCount, waiting: isExhausted ? pool.waitingCount : 0 };
}

/** Either the database or an open transaction: what a store's functions take first. */
export type Db<Schema> = Kysely<Schema> | Transaction<Schema>;

/** For tables that stand beside those of whichever service it is. */
// biome-ignore lint/suspicious/noExplicitAny: as it says
export type AnySchema = any;

/** A pool that lost no connection for so long talks to a server that is there, in milliseconds. */
const steadyMs = 10_000;

/** Whoever asks after a service's health waits two seconds: an answer has to come before. */
const answerMaxMs = 1_000;

/** Whether the database answers, soon. A pool whose connections are all at work is busy, which is no reason to be taken for dead. */
export async function isReachable<Schema>(db: Kysely<Schema>): Promise<boolean> {
  const opened = pools.get(db);
  if (opened !== undefined && isAtWork(opened)) return true;
  // Not a SELECT, which would be tried again.
  const answer = sql`values (1)`.execute(db).then(
    () => true,
    () => false,
  );
  const late = new AbortController();
  const verdict = await Promise.race([answer, delay(answerMaxMs, 'late', { signal: late.signal }).catch(() => 'late')]);
  late.abort();
  return verdict === 'late' ? opened !== undefined && isAtWork(opened) : verdict === true;
}

function isAtWork({ pool, lostAt }: OpenedPool): boolean {
  const isFull = pool.totalCount >= pool.options.max && pool.idleCount === 0;
  return isFull && performance.now() - lostAt > steadyMs;
}

/** The name of the constraint that a statement broke; a store turns it into a refusal. Undefined for any other error. */
export function brokenConstraint(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError && error.code?.startsWith('23') ? error.constraint : undefined;
}
