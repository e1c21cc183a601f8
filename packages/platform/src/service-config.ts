import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { pairs } from './config.ts';

const pem = z.string().transform((text) => text.replaceAll('\\n', '\n'));

const privateKey = pem.transform((text, ctx): KeyObject => {
  try {
    return createPrivateKey(text);
  } catch {
    ctx.addIssue({ code: 'custom', message: 'not a private key in PEM' });
    return z.NEVER;
  }
});

const publicKeys = z.string().transform((text, ctx): Record<string, KeyObject> => {
  try {
    const byService = z.record(z.string(), z.string()).parse(JSON.parse(text));
    return Object.fromEntries(Object.entries(byService).map(([service, key]) => [service, createPublicKey(key)]));
  } catch {
    ctx.addIssue({ code: 'custom', message: 'expected JSON {"service": "public key in PEM"}' });
    return z.NEVER;
  }
});

const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  );

const port = z.coerce.number().int().min(0).max(65_535);

/** Variables that every service reads. */
export const serviceEnv = z.object({
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  HOST: z.string().default('127.0.0.1'),
  HTTP_PORT: port,
  RPC_PORT: port,
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  DATABASE_POOL_MAX: z.coerce.number().int().min(1).max(100).default(10),
  /** Where clients reach the API, without a slash at its end. */
  PUBLIC_URL: z.url().transform((url) => url.replace(/\/$/, '')),
  CORS_ORIGINS: list,
  TRUSTED_PROXIES: list,
  /** This service's Ed25519 key. */
  SERVICE_PRIVATE_KEY: privateKey,
  /** The public keys of all services. */
  SERVICE_PUBLIC_KEYS: publicKeys,
  /** Addresses of the other services, "user=http://10.0.0.2:5001,photo=…". */
  PEERS: pairs.default({}),
});

export type ServiceEnv = z.output<typeof serviceEnv>;

/** Variables of services that read or write objects. */
export const objectsEnv = z.object({
  /** Folder of the objects, shared by the services that use them. */
  OBJECTS_FOLDER: z.string(),
  /** Signs links to objects; the same for all services of the installation. */
  OBJECTS_SIGNING_KEY: z.string().min(32),
});

export type ObjectsEnv = z.output<typeof objectsEnv>;
