import { Outbox } from '@kilas/platform/events/outbox/outbox.ts';
import type { Jobs } from '@kilas/platform/jobs/jobs.ts';
import type { LinkSigner } from '@kilas/platform/objects/objects.ts';
import { openObjects } from '@kilas/platform/objects/open-objects.ts';
import { type BaseContext, openBase, openJobs } from '@kilas/platform/service/base-context.ts';
import type { Wiring } from '@kilas/platform/service/service.ts';
import { type Bucket, buckets } from '@kilas/storage/buckets.ts';
import type { PhotoConfig } from './config.ts';
import type { PhotoSchema } from './db/schema.ts';
import { type Limits, openLimits } from './limits.ts';
import { publications } from './publications.ts';

/** What every operation of this service gets first. */
export interface PhotoContext extends BaseContext<PhotoSchema> {
  readonly config: PhotoConfig;
  readonly jobs: Jobs;
  readonly outbox: Outbox;
  /** The catalogue reads and writes no bytes: it may hand out links, no more. */
  readonly links: LinkSigner<Bucket>;
  readonly limits: Limits;
}

export function openContext(config: PhotoConfig, wiring: Wiring): PhotoContext {
  const base = openBase<PhotoSchema>('photo', config, wiring);
  const jobs = openJobs(config, base.log);
  const outbox = new Outbox({ db: base.db, log: base.log, clock: wiring.clock, publications });
  const links = openObjects(buckets, config, base);
  return { ...base, config, jobs, outbox, links, limits: openLimits(base.shared) };
}
