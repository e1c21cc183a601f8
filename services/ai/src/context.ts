import type { Clock } from '@kilas/platform/clock.ts';
import { openDatabase } from '@kilas/platform/db.ts';
import { FileObjects } from '@kilas/platform/file-objects.ts';
import { type Log, openLog } from '@kilas/platform/log.ts';
import type { Peers } from '@kilas/platform/rpc-client.ts';
import type { Wiring } from '@kilas/platform/service.ts';
import { createServiceSigner } from '@kilas/platform/service-token.ts';
import type { Kysely } from 'kysely';
import { Analyser } from './analysis/analyser.ts';
import type { AiConfig } from './config.ts';
import type { AiSchema } from './db/schema.ts';

/** What every operation of this service gets first. */
export interface AiContext {
  readonly config: AiConfig;
  readonly clock: Clock;
  readonly log: Log;
  readonly db: Kysely<AiSchema>;
  readonly objects: FileObjects;
  readonly analyser: Analyser;
  readonly peers: Peers;
}

export function openContext(config: AiConfig, wiring: Wiring): AiContext {
  const log = openLog('ai', config.LOG_LEVEL);
  const db = openDatabase<AiSchema>({
    url: config.DATABASE_URL,
    poolSizeMax: config.DATABASE_POOL_MAX,
    onIdleError: (error) => log.warn({ err: error }, 'database connection lost'),
  });
  const objects = new FileObjects({
    folder: config.OBJECTS_FOLDER,
    signingKey: config.OBJECTS_SIGNING_KEY,
    publicUrl: config.PUBLIC_URL,
  });
  const analyser = new Analyser({
    count: config.AI_CONCURRENCY,
    waitingMax: config.AI_QUEUE_MAX,
    graphsFolder: config.GRAPHS_FOLDER,
    threads: config.AI_THREADS,
    log,
  });
  const peers = wiring.peers(createServiceSigner('ai', config.SERVICE_PRIVATE_KEY, wiring.clock));
  return { config, clock: wiring.clock, log, db, objects, analyser, peers };
}
