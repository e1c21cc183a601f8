import pg from 'pg';
import { ConfigError } from '../process/env.ts';

/**
 * The database cannot be reached, is going down or starting, or has no room for us: the edges answer "unavailable", try
 * again. Its cause is what the driver said.
 */
export class DatabaseAway extends Error {
  override readonly name: string = 'DatabaseAway';
  /** The same may succeed at once on another connection. */
  readonly isWorthRetrying: boolean;

  constructor(cause: unknown, options: { isWorthRetrying: boolean }) {
    super('the database is away', { cause });
    this.isWorthRetrying = options.isWorthRetrying;
  }
}

/** The connection broke after COMMIT was sent and before its answer came: only reading can tell whether it took effect. */
export class CommitUnknown extends DatabaseAway {
  override readonly name = 'CommitUnknown';

  constructor(cause: unknown) {
    super(cause, { isWorthRetrying: false });
  }
}

/** PostgreSQL, appendix A: the server ends this connection or takes none (57P01–57P03, 08, 25P03), or cannot write (25006). */
const awayStates = /^(08...|57P0[1-3]|25P03|25006)$/;
/** It waited for a lock as long as it may (55P03), or is out of connections, memory or disk (53). */
const busyStates = /^(55P03|53...)$/;
const lostCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  // The socket's file is not there while a server on this machine restarts.
  'ENOENT',
]);
// pg gives these no code.
const lostMessages =
  /^Connection terminated|is not queryable$|^Postgres connection has been discarded$|^timeout expired$/;
/** PgBouncer's answer to a session that names its settings. */
const refusedSettings = /^unsupported startup parameter: (\w+)/;
/** No connection of the pool came free in time (pg-pool); no answer came although the server must have given up (pg). */
const waitedMessages = /^timeout exceeded when trying to connect$|^Query read timeout$/;

/** What an error of the driver means; it itself where it says nothing of the connection. */
export function translateError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof DatabaseAway) return error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const [, setting] = refusedSettings.exec(error.message) ?? [];
  if (setting !== undefined) return poolerInTheWay(setting);
  if (error instanceof pg.DatabaseError) {
    if (awayStates.test(code)) return new DatabaseAway(error, { isWorthRetrying: true });
    return busyStates.test(code) ? new DatabaseAway(error, { isWorthRetrying: false }) : error;
  }
  if (waitedMessages.test(error.message)) return new DatabaseAway(error, { isWorthRetrying: false });
  const isLost = lostCodes.has(code) || lostMessages.test(error.message);
  return isLost ? new DatabaseAway(error, { isWorthRetrying: true }) : error;
}

/** Nothing to wait for. */
function poolerInTheWay(setting: string): ConfigError {
  return new ConfigError([
    `DATABASE_DIRECT_URL: a connection pooler stands before the database and takes no ${setting}: name the server itself here, and in DATABASE_OWNER_URL; DATABASE_URL alone leads through a pooler`,
  ]);
}

/** Whether PostgreSQL undid a transaction because of what ran beside it (40001, 40P01), so that it may simply run again. */
export function isUndone(error: unknown): boolean {
  return error instanceof pg.DatabaseError && (error.code === '40001' || error.code === '40P01');
}
