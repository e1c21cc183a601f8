import path from 'node:path';
import type { Clock } from '@kilas/platform/clock.ts';
import { openDatabase } from '@kilas/platform/db.ts';
import { FileObjects } from '@kilas/platform/file-objects.ts';
import { Jobs } from '@kilas/platform/jobs.ts';
import { type Log, openLog } from '@kilas/platform/log.ts';
import type { LinkSigner, ObjectReader, ObjectWriter } from '@kilas/platform/objects.ts';
import type { Peers } from '@kilas/platform/rpc-client.ts';
import type { Wiring } from '@kilas/platform/service.ts';
import { createServiceSigner } from '@kilas/platform/service-token.ts';
import type { Kysely } from 'kysely';
import sharp from 'sharp';
import type { UploadConfig } from './config.ts';
import type { UploadSchema } from './db/schema.ts';
import { type Limits, openLimits } from './limits.ts';
import { Spool } from './spool/spool.ts';

/** What every operation of this service gets first. */
export interface UploadContext {
  readonly config: UploadConfig;
  readonly clock: Clock;
  readonly log: Log;
  readonly db: Kysely<UploadSchema>;
  readonly jobs: Jobs;
  readonly peers: Peers;
  readonly objects: ObjectReader & ObjectWriter & LinkSigner;
  readonly spool: Spool;
  readonly limits: Limits;
}

/** Makes the folders of the objects and of the spool. */
export async function openContext(config: UploadConfig, wiring: Wiring): Promise<UploadContext> {
  const { clock } = wiring;
  // Each picture is opened once. libvips would keep files mapped that are long deleted, a selfie among them.
  sharp.cache(false);
  const log = openLog('upload', config.LOG_LEVEL);
  const objects = new FileObjects({
    folder: config.OBJECTS_FOLDER,
    signingKey: config.OBJECTS_SIGNING_KEY,
    publicUrl: config.PUBLIC_URL,
  });
  await objects.prepare();
  const spool = new Spool(path.join(config.OBJECTS_FOLDER, 'spool'));
  await spool.prepare();
  const db = openDatabase<UploadSchema>({
    url: config.DATABASE_URL,
    poolSizeMax: config.DATABASE_POOL_MAX,
    onIdleError: (error) => log.warn({ err: error }, 'database connection lost'),
  });
  const jobs = new Jobs({ databaseUrl: config.DATABASE_URL, log });
  const peers = wiring.peers(createServiceSigner('upload', config.SERVICE_PRIVATE_KEY, clock));
  return { config, clock, log, db, jobs, peers, objects, spool, limits: openLimits(config) };
}
