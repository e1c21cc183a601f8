import os, { availableParallelism } from 'node:os';
import path from 'node:path';
import { type ObjectsEnv, objectsEnv } from '@kilas/platform/objects/objects-config.ts';
import { type Env, parseEnv } from '@kilas/platform/process/env.ts';
import { serviceEnv } from '@kilas/platform/service/service-config.ts';
import { amountMaxIdr } from '@kilas/platform/values/bounds.ts';
import { type ErasureJournalEnv, erasureJournalEnv, erasureJournalStoreEnv } from '@kilas/storage/erasure-journal.ts';
import { z } from 'zod';

const mebibyte = 1024 * 1024;
const count = z.coerce.number().int();

/** A core stays free for requests, and of the four threads that Node does such work on at least one. */
const deriveConcurrency = Math.min(3, Math.max(1, availableParallelism() - 1));

export const uploadEnv = serviceEnv.extend(erasureJournalEnv.shape).extend({
  PHOTO_SIZE_MAX_BYTES: count.min(1).default(100 * mebibyte),
  /** Cameras of medium format have up to 151 megapixels. */
  PHOTO_PIXELS_MAX: count.min(1).max(1_000_000_000).default(160_000_000),
  /** Memory for the pixels of all pictures that this process decodes at once; one that needs more is refused by its header. */
  DECODE_MEMORY_MAX_BYTES: count.min(100_000_000).max(100_000_000_000).default(1_600_000_000),
  /** Files in one request. */
  BATCH_FILES_MAX: count.min(1).max(1000).default(100),
  PRICE_MAX_IDR: count.min(0).max(amountMaxIdr).default(100_000_000),
  /** Requests that send photos at the same time, to this process, and as many that send selfies; an account has a quarter, an address half. */
  UPLOADS_AT_ONCE_MAX: count.min(4).max(10_000).default(128),
  /** Files that one creator may send in an hour. */
  PHOTOS_PER_HOUR_MAX: count.min(1).default(10_000),
  SELFIE_SIZE_MAX_BYTES: count.min(1).default(15 * mebibyte),
  SELFIE_PIXELS_MAX: count.min(1).max(200_000_000).default(60_000_000),
  /** Selfies that one member may have looked at in an hour, and as many challenges that they may ask for. */
  SELFIES_PER_HOUR_MAX: count.min(1).default(60),
  /** What a selfie comes with: nothing is asked, or the frames of a capture challenge. */
  SELFIE_PROOF: z.enum(['none', 'challenge']).default('none'),
  /** Enrolments of one member in 30 days. */
  FACECAM_CHANGES_PER_MONTH_MAX: count.min(1).default(10),
  /**
   * Pictures that are decoded at the same time: photos when they are sent, selfies, and photos whose images are made. Where the latter fill all
   * places, one of the others has a place beside them.
   */
  DERIVE_CONCURRENCY: count.min(1).max(64).default(deriveConcurrency),
  /** Photos that ai is asked to look at, at the same time; ai has a queue of its own. */
  RECOGNISE_CONCURRENCY: count.min(1).max(64).default(4),
  WATERMARK_TEXT: z
    .string()
    .regex(/^[A-Z0-9 .-]{1,24}$/, 'capital letters, digits, spaces, dots and hyphens, at most 24')
    .default('KILAS'),
  /** Where files lie while they are received or worked on, on a disk of this machine. */
  SPOOL_FOLDER: z.string().optional(),
  /** With less than this free on a disk that received files land on, uploads are refused before their bytes are taken. */
  SPOOL_FREE_MIN_BYTES: count.min(0).default(1024 * mebibyte),
});

export type UploadConfig = ObjectsEnv &
  ErasureJournalEnv &
  z.output<typeof uploadEnv> & { readonly SPOOL_FOLDER: string };

/** Throws one ConfigError that lists every problem. */
export function readConfig(env: Env): UploadConfig {
  const config = parseEnv(z.intersection(z.intersection(objectsEnv(env), erasureJournalStoreEnv(env)), uploadEnv), env);
  return { ...config, SPOOL_FOLDER: config.SPOOL_FOLDER ?? spoolFolderOf(config) };
}

/** The same after a restart, so that a replica finds what it left behind when it was killed, and no other replica's. */
function spoolFolderOf(config: ObjectsEnv & { HTTP_PORT: number }): string {
  if (config.OBJECTS_STORE === 'files') return path.join(config.OBJECTS_FOLDER, 'spool');
  return path.join(os.tmpdir(), `kilas-upload-${config.HTTP_PORT}`);
}
