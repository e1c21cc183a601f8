import { availableParallelism } from 'node:os';
import { type Env, parseEnv } from '@kilas/platform/config.ts';
import { objectsEnv, serviceEnv } from '@kilas/platform/service-config.ts';
import { z } from 'zod';

const mebibyte = 1024 * 1024;
const count = z.coerce.number().int();

/** A core stays free for requests, and of the four threads that Node does such work on at least one. */
const deriveConcurrency = Math.min(3, Math.max(1, availableParallelism() - 1));

const uploadEnv = serviceEnv.extend(objectsEnv.shape).extend({
  PHOTO_SIZE_MAX_BYTES: count.min(1).default(100 * mebibyte),
  PHOTO_PIXELS_MAX: count.min(1).max(1_000_000_000).default(100_000_000),
  /** Files in one request. */
  BATCH_FILES_MAX: count.min(1).max(1000).default(100),
  PRICE_MAX_IDR: count.min(0).max(1_000_000_000_000).default(100_000_000),
  /** Requests that send photos at the same time, to this process, and as many that send selfies; an account has a quarter. */
  UPLOADS_AT_ONCE_MAX: count.min(4).max(10_000).default(128),
  /** Files that one creator may send in an hour, to this process. */
  PHOTOS_PER_HOUR_MAX: count.min(1).default(10_000),
  SELFIE_SIZE_MAX_BYTES: count.min(1).default(15 * mebibyte),
  SELFIE_PIXELS_MAX: count.min(1).max(200_000_000).default(60_000_000),
  /** Selfies that one member may have looked at in an hour, by this process. */
  SELFIES_PER_HOUR_MAX: count.min(1).default(60),
  /** Enrolments of one member in 30 days. */
  FACECAM_CHANGES_PER_MONTH_MAX: count.min(1).default(10),
  /** Photos whose images are made at the same time. */
  DERIVE_CONCURRENCY: count.min(1).max(64).default(deriveConcurrency),
  /** Photos that ai is asked to look at, at the same time; ai has a queue of its own. */
  RECOGNISE_CONCURRENCY: count.min(1).max(64).default(4),
  WATERMARK_TEXT: z
    .string()
    .regex(/^[A-Z0-9 .-]{1,24}$/, 'capital letters, digits, spaces, dots and hyphens, at most 24')
    .default('KILAS'),
});

export type UploadConfig = z.output<typeof uploadEnv>;

/** Throws one ConfigError that lists every problem. */
export function readConfig(env: Env): UploadConfig {
  return parseEnv(uploadEnv, env);
}
