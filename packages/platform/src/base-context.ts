import type { Kysely } from 'kysely';
import type { Clock } from './clock.ts';
import { isReachable, openDatabase } from './db.ts';
import { Jobs } from './jobs.ts';
import { type Log, openLog } from './log.ts';
import type { Readiness } from './readiness.ts';
import type { Peers } from './rpc-client.ts';
import type { Wiring } from './service.ts';
import type { ServiceEnv } from './service-config.ts';
import { createServiceSigner } from './service-token.ts';
import type { SharedState } from './shared-state.ts';

/** What the operations of every service get. */
export interface BaseContext<Schema> {
  readonly clock: Clock;
  readonly log: Log;
  readonly db: Kysely<Schema>;
  readonly peers: Peers;
  readonly shared: SharedState;
  ready(): Promise<Readiness>;
  close(): Promise<void>;
}

/** Nothing is connected yet. */
export function openBase<Schema>(service: string, config: ServiceEnv, wiring: Wiring): BaseContext<Schema> {
  const { clock, shared } = wiring;
  const log = openLog(service, config.LOG_LEVEL);
  const db = openDatabase<Schema>({
    url: config.DATABASE_URL,
    poolSizeMax: config.DATABASE_POOL_MAX,
    onIdleError: (error) => log.warn({ err: error }, 'database connection lost'),
  });
  const peers = wiring.peers(createServiceSigner(service, config.SERVICE_PRIVATE_KEY, clock));
  return {
    clock,
    log,
    db,
    peers,
    shared,
    ready: async () => ({
      database: (await isReachable(db)) ? 'ready' : 'away',
      shared: shared.state(),
    }),
    close: () => db.destroy(),
  };
}

export function openJobs(config: ServiceEnv, log: Log): Jobs {
  return new Jobs({ databaseUrl: config.DATABASE_URL, log });
}
