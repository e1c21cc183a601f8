import { z } from 'zod';
import { s3Env } from '../objects/objects-config.ts';
import type { Env } from '../process/env.ts';

/** The address of a journal in a bucket begins so. */
export const s3Scheme = 's3:';

/** Variables of services that hold face data. */
export const journalEnv = z.object({
  /** What was erased, outside of the databases and their backups: "folder:/path", or "s3:bucket" with the S3_ variables. */
  ERASURE_JOURNAL_URL: z
    .string()
    .regex(/^(folder:\/.+|s3:[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])$/, 'expected folder:/path or s3:bucket'),
});

/** What a journal in a bucket needs besides. */
export const s3JournalEnv = s3Env.pick({
  S3_ENDPOINT: true,
  S3_REGION: true,
  S3_ACCESS_KEY_ID: true,
  S3_SECRET_ACCESS_KEY: true,
  S3_PATH_STYLE: true,
  S3_CA_FILE: true,
});

const nothing = z.object({});

export type S3JournalEnv = z.output<typeof s3JournalEnv>;
export type JournalEnv = z.output<typeof journalEnv> & (S3JournalEnv | object);

/** Whether S3 variables are needed hangs on ERASURE_JOURNAL_URL. */
export function journalStoreEnv(env: Env): typeof s3JournalEnv | typeof nothing {
  return env.ERASURE_JOURNAL_URL?.startsWith(s3Scheme) === true ? s3JournalEnv : nothing;
}
