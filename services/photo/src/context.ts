import type { Clock } from '@kilas/platform/clock.ts';
import { openDatabase } from '@kilas/platform/db.ts';
import { Outbox } from '@kilas/platform/events.ts';
import { FileObjects } from '@kilas/platform/file-objects.ts';
import { Jobs } from '@kilas/platform/jobs.ts';
import { type Log, openLog } from '@kilas/platform/log.ts';
import type { LinkSigner } from '@kilas/platform/objects.ts';
import type { Peers } from '@kilas/platform/rpc-client.ts';
import type { Wiring } from '@kilas/platform/service.ts';
import { createServiceSigner } from '@kilas/platform/service-token.ts';
import type { Kysely } from 'kysely';
import type { PhotoConfig } from './config.ts';
import type { PhotoSchema } from './db/schema.ts';
import { publications } from './publications.ts';

/** What every operation of this service gets first. */
export interface PhotoContext {
  readonly config: PhotoConfig;
  readonly clock: Clock;
  readonly log: Log;
  readonly db: Kysely<PhotoSchema>;
  readonly jobs: Jobs;
  readonly outbox: Outbox;
  readonly peers: Peers;
  /** The catalogue reads and writes no bytes: it may hand out links, no more. */
  readonly links: LinkSigner;
}

export function openContext(config: PhotoConfig, wiring: Wiring): PhotoContext {
  const log = openLog('photo', config.LOG_LEVEL);
  const db = openDatabase<PhotoSchema>({
    url: config.DATABASE_URL,
    poolSizeMax: config.DATABASE_POOL_MAX,
    onIdleError: (error) => log.warn({ err: error }, 'database connection lost'),
  });
  const jobs = new Jobs({ databaseUrl: config.DATABASE_URL, log });
  const outbox = new Outbox({ jobs, clock: wiring.clock, publications });
  const peers = wiring.peers(createServiceSigner('photo', config.SERVICE_PRIVATE_KEY, wiring.clock));
  const links = new FileObjects({
    folder: config.OBJECTS_FOLDER,
    signingKey: config.OBJECTS_SIGNING_KEY,
    publicUrl: config.PUBLIC_URL,
  });
  return { config, clock: wiring.clock, log, db, jobs, outbox, peers, links };
}
