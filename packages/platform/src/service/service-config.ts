import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { type RequestPace, usualPace } from '../http/body-pace.ts';
import { pairs } from '../process/env.ts';
import { rpcTlsEnv } from '../rpc/rpc-tls.ts';

const pem = z.string().transform((text) => text.replaceAll('\\n', '\n'));

const privateKey = pem.transform((text, ctx): KeyObject => {
  try {
    return createPrivateKey(text);
  } catch {
    ctx.addIssue({ code: 'custom', message: 'not a private key in PEM' });
    return z.NEVER;
  }
});

const publicKeyList = z.union([z.string().transform((key) => [key]), z.array(z.string()).min(1)]);

const publicKeys = z.string().transform((text, ctx): Record<string, KeyObject[]> => {
  try {
    const byService = z.record(z.string(), publicKeyList).parse(JSON.parse(text));
    return Object.fromEntries(
      Object.entries(byService).map(([service, keys]) => [service, keys.map((key) => createPublicKey(key))]),
    );
  } catch {
    ctx.addIssue({ code: 'custom', message: 'expected JSON {"service": "public key in PEM"}, or a list of such keys' });
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

const redisUrl = z
  .url({ protocol: /^rediss?$/ })
  .refine(
    (url) => !URL.canParse(url) || /^\/?\d*$/.test(new URL(url).pathname),
    'expected redis://host:port/number of the database',
  );

const peers = pairs.refine(
  (addresses) => Object.values(addresses).every((urls) => urls.split('|').every(isHttpUrl)),
  'expected service=http://host:port, several of a service separated by "|"',
);

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

export const paceEnv = z.object({
  /** Without a byte of its body for so long a request is given up. */
  BODY_IDLE_SECONDS_MAX: z.coerce
    .number()
    .int()
    .min(1)
    .max(3_600)
    .default(usualPace.idleMaxMs / 1000),
  /** Over a minute; a request whose body comes more slowly is given up. */
  BODY_BYTES_PER_SECOND_MIN: z.coerce.number().int().min(0).max(1_000_000).default(usualPace.bytesPerSecondMin),
  /** For a whole request, however steadily it comes. */
  REQUEST_SECONDS_MAX: z.coerce
    .number()
    .int()
    .min(10)
    .max(86_400)
    .default(usualPace.requestMaxMs / 1000),
});

/** Variables that every service reads. */
export const serviceEnv = z.object({
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  HOST: z.string().default('127.0.0.1'),
  HTTP_PORT: port,
  RPC_PORT: port,
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  /** The same database as the role that owns its tables: used at start alone, for migrations. */
  DATABASE_OWNER_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  /** The server itself, where a pooler that hands connections out by transaction stands at DATABASE_URL; see databaseUrlsOf. */
  DATABASE_DIRECT_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  DATABASE_POOL_MAX: z.coerce.number().int().min(1).max(100).default(10),
  /** How long a request waits for a connection before it is answered "unavailable". */
  DATABASE_CONNECT_TIMEOUT_MS: z.coerce.number().int().min(100).max(60_000).default(5_000),
  DATABASE_STATEMENT_TIMEOUT_MS: z.coerce.number().int().min(1_000).max(600_000).default(30_000),
  /** How long a statement waits for a lock that another transaction holds. */
  DATABASE_LOCK_TIMEOUT_MS: z.coerce.number().int().min(100).max(600_000).default(10_000),
  /** How long a transaction may stand still: that of a process that froze holds locks. */
  DATABASE_IDLE_TRANSACTION_TIMEOUT_MS: z.coerce.number().int().min(1_000).max(600_000).default(10_000),
  /** What the replicas share; without it each process counts for itself. */
  REDIS_URL: redisUrl.optional(),
  /** Where clients reach the API, without a slash at its end. */
  PUBLIC_URL: z.url().transform((url) => url.replace(/\/$/, '')),
  CORS_ORIGINS: list,
  TRUSTED_PROXIES: list,
  /** Names under which this process may be asked besides that of PUBLIC_URL, its own and addresses; "*" for any. */
  ALLOWED_HOSTS: list,
  /** This service's Ed25519 key. */
  SERVICE_PRIVATE_KEY: privateKey,
  /** The public keys of all services; of one whose key is exchanged, the old and the new one in a list. */
  SERVICE_PUBLIC_KEYS: publicKeys,
  ...paceEnv.shape,
  /** Where traces are sent: the base address of a receiver of OTLP over HTTP. Without it nothing is traced. */
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  /** Share of the traces that are kept, 0 to 1. */
  TRACE_SAMPLE_RATIO: z.coerce.number().min(0).max(1).default(1),
  /** Addresses of the other services, "billing=http://10.0.0.2:5001|http://10.0.0.3:5001,stock=…"; not read with CONSUL_URL. */
  PEERS: peers.default({}),
  /** The Consul agent of this machine, "http://127.0.0.1:8500", with which to register and by which the others are found. */
  CONSUL_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Needs service:write for our own name and service:read and node:read for all. */
  CONSUL_TOKEN: z.string().optional(),
  /** Where Consul and the others reach this process; without it HOST, or the machine's first address where HOST means all. */
  ADVERTISE_HOST: z.string().optional(),
  /** Of this process among all; a new one at each start without it. */
  REPLICA_ID: z
    .string()
    .regex(/^[\w.-]{1,64}$/, 'expected 1 to 64 letters, digits, ".", "_" or "-"')
    .optional(),
  /** Between leaving Consul and taking no more requests, so that everybody has heard; 1000 with Consul, else 0. */
  DRAIN_DELAY_MS: z.coerce.number().int().min(0).max(60_000).optional(),
  /** `low` lets other processes of the machine go first; without it low for upload and ai, normal for the others. */
  CPU_PRIORITY: z.enum(['normal', 'low']).optional(),
  /** Tells anyone who reaches the gRPC port what is served there: for development. */
  RPC_REFLECTION: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true'),
  ...rpcTlsEnv.shape,
});

/** Of the variables of a service, how fast requests have to come. */
export function paceOf(config: z.output<typeof paceEnv>): RequestPace {
  return {
    idleMaxMs: config.BODY_IDLE_SECONDS_MAX * 1000,
    bytesPerSecondMin: config.BODY_BYTES_PER_SECOND_MIN,
    requestMaxMs: config.REQUEST_SECONDS_MAX * 1000,
  };
}

export type ServiceEnv = z.output<typeof serviceEnv>;
