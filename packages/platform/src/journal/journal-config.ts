import { z } from 'zod';
import { s3Env } from '../objects/objects-config.ts';

/** The address of a journal in a bucket begins so. */
export const s3Scheme = 's3:';

/** Where a journal lies: "folder:/path", or "s3:bucket" with the S3_ variables. */
export const journalUrl = z
  .string()
  .regex(/^(folder:\/.+|s3:[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])$/, 'expected folder:/path or s3:bucket');

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
export type JournalStoreEnv = S3JournalEnv | object;

/** Whether S3 variables are needed hangs on where the journal lies. */
export function journalStoreEnv(url: string | undefined): typeof s3JournalEnv | typeof nothing {
  return url?.startsWith(s3Scheme) === true ? s3JournalEnv : nothing;
}
