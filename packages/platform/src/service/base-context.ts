import os from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { type Kysely, sql } from 'kysely';
import { isReachable, openDatabase, poolUseOf } from '../db/database.ts';
import { DatabaseAway } from '../db/database-away.ts';
import { asOwner, grantRights, roleOf, type TableUse } from '../db/database-rights.ts';
import { databaseUrlsOf } from '../db/database-urls.ts';
import { migrate } from '../db/migrate.ts';
import { hasTimeouts, setRoleTimeouts, type Timeouts } from '../db/role-timeouts.ts';
import { Jobs } from '../jobs/jobs.ts';
import type { Clock } from '../process/clock.ts';
import { type Log, openLog } from '../process/log.ts';
import type { Readiness } from '../process/readiness.ts';
import { logTrouble } from '../process/trouble-log.ts';
import type { Peers } from '../rpc/rpc.ts';
import { createServiceSigner } from '../rpc/service-token.ts';
import type { SharedState } from '../shared/shared-state.ts';
import type { Reading, Sample } from '../telemetry/metrics.ts';
import { observePeers } from '../telemetry/observe-peers.ts';
import { observePool } from '../telemetry/observe-pool.ts';
import type { Wiring } from './service.ts';
import type { ServiceEnv } from './service-config.ts';

const startRetryMs = 1_000;

/** What the operations of every service get. */
export interface BaseContext<Schema> {
  readonly clock: Clock;
  readonly log: Log;
  readonly db: Kysely<Schema>;
  readonly peers: Peers;
  readonly shared: SharedState;
  /** Brings the service's tables up to date, as their owner where one is configured, and gives the service its rights. */
  migrate(folder: URL, use?: TableUse): Promise<void>;
  /** Shows a value at each scrape of `/metrics` until the context closes. */
  measure<Label extends string>(reading: Reading<Label>, read: () => Promise<readonly Sample<Label>[]>): void;
  ready(): Promise<Readiness>;
  close(): Promise<void>;
}

/** Nothing is connected yet. */
export function openBase<Schema>(service: string, config: ServiceEnv, wiring: Wiring): BaseContext<Schema> {
  const { clock, shared } = wiring;
  const log = openLog(service, config.LOG_LEVEL);
  const { url, isPooled, sessionUrl, ownerUrl } = databaseUrlsOf(config);
  const db = openDatabase<Schema>({
    url,
    isPooled,
    poolSizeMax: config.DATABASE_POOL_MAX,
    connectTimeoutMs: config.DATABASE_CONNECT_TIMEOUT_MS,
    statementTimeoutMs: config.DATABASE_STATEMENT_TIMEOUT_MS,
    lockTimeoutMs: config.DATABASE_LOCK_TIMEOUT_MS,
    idleTransactionTimeoutMs: config.DATABASE_IDLE_TRANSACTION_TIMEOUT_MS,
    applicationName: `kilas-${service} ${config.REPLICA_ID ?? processName()}`,
    onTrouble: logTrouble(log, clock, 'database connection lost'),
  });
  const peers = observePeers(service, wiring.peers(createServiceSigner(service, config.SERVICE_PRIVATE_KEY, clock)));
  const measured = [observePool(service, config.DATABASE_POOL_MAX, () => poolUseOf(db))];
  return {
    clock,
    log,
    db,
    peers,
    shared,
    ready: async () => ({
      database: (await isReachable(db)) ? 'ready' : 'away',
      shared: shared.state(),
      ...wiring.parts?.(),
    }),
    migrate: async (folder, use = {}) => {
      const onTrouble = logTrouble(log, clock, 'waiting for the database');
      if (isPooled) await giveRoleTimeouts(sessionUrl, config, onTrouble);
      await untilReachable(db, onTrouble);
      if (isPooled && !(await hasTimeouts(db, timeoutsOf(config)))) {
        log.warn('the pooler goes on with sessions from before the timeouts were set: let it reconnect to the server');
      }
      await asOwner(ownerUrl, async (owner) => {
        await migrate(owner, folder);
        if (config.DATABASE_OWNER_URL === undefined) return;
        const readOnly = [...(use.readOnly ?? []), 'migrations'];
        await grantRights(owner, { schema: 'public', role: await roleOf(db), use: { ...use, readOnly } });
      });
    },
    measure: (reading, read) => {
      measured.push(reading.from(service, read));
    },
    close: async () => {
      for (const end of measured) end();
      await db.destroy();
    },
  };
}

function timeoutsOf(config: ServiceEnv): Timeouts {
  return {
    statement_timeout: config.DATABASE_STATEMENT_TIMEOUT_MS,
    lock_timeout: config.DATABASE_LOCK_TIMEOUT_MS,
    idle_in_transaction_session_timeout: config.DATABASE_IDLE_TRANSACTION_TIMEOUT_MS,
  };
}

/** A pooler takes none from us. */
async function giveRoleTimeouts(url: string, config: ServiceEnv, onTrouble: (error: Error) => void): Promise<void> {
  const session = openDatabase<unknown>({
    url,
    poolSizeMax: 1,
    applicationName: 'kilas-timeouts',
    onTrouble: () => {},
  });
  try {
    await untilReachable(session, onTrouble);
    await setRoleTimeouts(session, timeoutsOf(config));
  } finally {
    await session.destroy();
  }
}

/** Parts start in any order: a database that is away is waited for, one that refuses us is an error at once. */
async function untilReachable<Schema>(db: Kysely<Schema>, onTrouble: (error: Error) => void): Promise<void> {
  for (;;) {
    try {
      await sql`values (1)`.execute(db);
      return;
    } catch (error) {
      if (!(error instanceof DatabaseAway)) throw error;
      onTrouble(error);
      await delay(startRetryMs);
    }
  }
}

/** Tells processes apart in the server's list of connections, where names end after 63 characters. */
function processName(): string {
  return `${os.hostname().slice(0, 30)}:${process.pid}`;
}

export function openJobs(config: ServiceEnv, log: Log): Jobs {
  const { url, isPooled, sessionUrl } = databaseUrlsOf(config);
  return new Jobs({
    databaseUrl: sessionUrl,
    ...(isPooled ? { pooledUrl: url } : {}),
    ...(config.DATABASE_OWNER_URL === undefined ? {} : { ownerUrl: config.DATABASE_OWNER_URL }),
    log,
  });
}
