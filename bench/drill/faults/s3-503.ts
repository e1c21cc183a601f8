import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from './fault.ts';

/** A request that came while the storage was away may still be trying it, in milliseconds. */
const graceMs = 2_000;

/** The storage answers every request with 503. */
export const s3Answers503: Fault = async ({ cluster, plan, away, progress }) => {
  const back = away('s3', graceMs);
  cluster.s3.answer503(true);
  progress(`S3 answers 503 for ${plan.s3DownSeconds} s`);
  await delay(plan.s3DownSeconds * 1000);
  cluster.s3.answer503(false);
  back();
};
