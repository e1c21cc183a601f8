import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Env } from '../process/env.ts';

/** A signature covers the path, so a server that is reached under one would find every signature wrong. */
const endpoint = z.url({ protocol: /^https?$/ }).transform((text, ctx) => {
  const url = new URL(text);
  if (url.pathname === '/' && url.search === '' && url.username === '') return url.origin;
  ctx.addIssue({ code: 'custom', message: 'an address without a path, https://storage.example' });
  return z.NEVER;
});

const caFile = z.string().transform((file, ctx) => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    ctx.addIssue({ code: 'custom', message: 'the file cannot be read' });
    return z.NEVER;
  }
});

const filesEnv = z.object({
  OBJECTS_STORE: z.literal('files', 'files or s3').default('files'),
  /** Folder of the objects, shared by the services that use them. */
  OBJECTS_FOLDER: z.string(),
  /** Signs links to objects; the same for all services of the installation. */
  OBJECTS_SIGNING_KEY: z.string().min(32),
  /** The one before, while links that it signed may still be followed. */
  OBJECTS_SIGNING_KEY_PREVIOUS: z.string().min(32).optional(),
});

export const s3Env = z.object({
  OBJECTS_STORE: z.literal('s3'),
  /** Where the services reach the storage; that of AWS in the region when absent. */
  S3_ENDPOINT: endpoint.optional(),
  /** Where browsers reach it, for links; the same when absent. */
  S3_PUBLIC_ENDPOINT: endpoint.optional(),
  S3_REGION: z.string().default('us-east-1'),
  S3_ACCESS_KEY_ID: z.string(),
  S3_SECRET_ACCESS_KEY: z.string(),
  /** What the names of the buckets begin with; a name has 63 characters at most, of which nine are left for the rest. */
  S3_BUCKET_PREFIX: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,53}$/, 'small letters, digits and hyphens, at most 54')
    .default('kilas-'),
  /** The bucket in the path of an address; else in its host name. */
  S3_PATH_STYLE: z
    .enum(['true', 'false'])
    .default('true')
    .transform((text) => text === 'true'),
  /** Certificates in PEM: the authorities that are trusted, and no others. */
  S3_CA_FILE: caFile.optional(),
});

export type S3Env = z.output<typeof s3Env>;
/** Variables of services that read or write objects, or sign links to them. */
export type ObjectsEnv = z.output<typeof filesEnv> | S3Env;

/** All of them, for who compares configurations. */
export const objectsShape = { ...filesEnv.shape, ...s3Env.shape };

/** Which of them are needed hangs on OBJECTS_STORE. */
export function objectsEnv(env: Env): typeof filesEnv | typeof s3Env {
  return env.OBJECTS_STORE === 's3' ? s3Env : filesEnv;
}
