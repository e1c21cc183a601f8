import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { UserError } from '@kilas/cli/user-error.ts';
import { startConsulStandIn } from '@kilas/embedded/consul-stand-in.ts';
import { startS3 } from '@kilas/embedded/s3/start-s3.ts';
import { redisVersion, startRedis } from '@kilas/embedded/start-redis.ts';
import type { Env } from '@kilas/platform/process/env.ts';
import { newSecret } from '@kilas/platform/process/ids.ts';
import {
  type Databases,
  type DatabasesOptions,
  provisionDatabases,
  requirePgvector,
  startOwnDatabases,
} from './databases.ts';
import { notOurs } from './not-ours.ts';
import { reachFrom } from './reach-server.ts';

/** Servers of others, by their addresses, in place of those that a run starts. */
export interface ForeignServers {
  /** postgres:// of a superuser. */
  readonly postgres?: string;
  readonly redis?: string;
  readonly consul?: string;
  readonly s3?: string;
}

export interface ServersOptions extends DatabasesOptions {
  readonly foreign: ForeignServers;
  /** Whether who runs the command can name them. */
  readonly mayNameForeign: boolean;
  /** Where keys of foreign servers are found. */
  readonly env: Env;
}

/** All that the services of a run stand on. */
export interface Servers {
  readonly databases: Databases;
  readonly redis: { restart(): Promise<void>; readonly url: string };
  readonly consul: {
    away(): Promise<void>;
    back(): Promise<void>;
    readonly url: string;
    /** Without it nobody registers there or asks who is registered. */
    readonly token: string | undefined;
  };
  readonly s3: {
    answer503(isDown: boolean): void;
    readonly url: string;
    readonly keys: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  /** The variables by which every service finds them. */
  readonly env: Env;
  /** The address of this machine at which Consul reaches its processes. */
  readonly host: string;
  /** Ends what was started, the last first. */
  stop(): Promise<void>;
}

export async function startServers(options: ServersOptions): Promise<Servers> {
  const { postgres } = options.foreign;
  const host = await checkServers(options);
  options.onProgress('starting the databases, Redis, S3 and Consul');
  await using started = new AsyncDisposableStack();
  const starting = [
    postgres === undefined ? startOwnDatabases(options) : provisionDatabases(postgres, options),
    openRedis(options),
    openS3(options),
    openConsul(options),
  ] as const;
  for (const server of starting) server.then(({ stop }) => started.defer(stop)).catch(() => {});
  // When one of them fails the others have to be there before they can be stopped.
  await Promise.allSettled(starting);
  const [databases, redis, s3, consul] = await Promise.all(starting);
  const env = { REDIS_URL: redis.url, CONSUL_URL: consul.url, CONSUL_TOKEN: consul.token, ...s3.env };
  const all = started.move();
  return { databases, redis, s3, consul, host, env, stop: () => all.disposeAsync() };
}

/** Before anything is started; answers with the address of this machine at which Consul reaches it. */
async function checkServers({ foreign, mayNameForeign, env }: ServersOptions): Promise<string> {
  if (foreign.redis === undefined) await requireRedis(mayNameForeign);
  else await reachFrom(foreign.redis, 6379, '--redis');
  if (foreign.s3 !== undefined) {
    await reachFrom(foreign.s3, 80, '--s3');
    keysOf(env);
  }
  if (foreign.postgres !== undefined) await requirePgvector(foreign.postgres);
  return foreign.consul === undefined ? '127.0.0.1' : reachFrom(foreign.consul, 8500, '--consul');
}

/** Throws a UserError on a machine without Redis; `mayName`: whether who runs the command can name a server in its place. */
export async function requireRedis(mayName: boolean): Promise<void> {
  if ((await redisVersion()) !== undefined) return;
  const remedy = 'install it (Debian: apt install redis-server; macOS: brew install redis)';
  const besides = mayName ? ', or name a server with --redis' : '';
  throw new UserError(`redis-server is not on this machine: ${remedy}${besides}.`);
}

async function openRedis({ foreign, guard, takePort }: ServersOptions) {
  if (foreign.redis !== undefined) return { url: foreign.redis, restart: notOurs('Redis'), stop: async () => {} };
  const redis = await startRedis({ port: await takePort(), password: newSecret() });
  let forget = guard.watch(redis.pid);
  return {
    url: redis.url,
    restart: async () => {
      await redis.restart();
      forget();
      forget = guard.watch(redis.pid);
    },
    stop: async () => {
      await redis.stop();
      forget();
    },
  };
}

/** Whoever may register may be sent passwords, so that the stand-in has a token, of this run alone. */
export async function openConsul({ foreign, env, takePort }: Pick<ServersOptions, 'foreign' | 'env' | 'takePort'>) {
  if (foreign.consul === undefined) {
    const token = newSecret();
    return { ...(await startConsulStandIn({ port: await takePort(), token })), token };
  }
  return {
    url: foreign.consul,
    token: env.CONSUL_TOKEN,
    away: notOurs('Consul'),
    back: notOurs('Consul'),
    stop: async () => {},
  };
}

async function openS3({ foreign, dataFolder, env, takePort }: ServersOptions) {
  if (foreign.s3 !== undefined) return foreignS3(foreign.s3, env);
  // Of this run alone: what they sign lives minutes.
  const keys = { accessKeyId: randomBytes(10).toString('hex'), secretAccessKey: randomBytes(24).toString('hex') };
  const server = await startS3({ folder: path.join(dataFolder, 's3'), port: await takePort(), ...keys });
  const variables = {
    OBJECTS_STORE: 's3',
    S3_ENDPOINT: server.url,
    S3_ACCESS_KEY_ID: keys.accessKeyId,
    S3_SECRET_ACCESS_KEY: keys.secretAccessKey,
  };
  return { url: server.url, keys, env: variables, answer503: server.answer503, stop: server.stop };
}

function foreignS3(url: string, env: Env) {
  const passed = Object.fromEntries(Object.entries(env).filter(([name]) => name.startsWith('S3_')));
  const variables = { OBJECTS_STORE: 's3', ...passed, S3_ENDPOINT: url };
  return { url, keys: keysOf(env), env: variables, answer503: notOurs('S3'), stop: async () => {} };
}

function keysOf({ S3_ACCESS_KEY_ID: accessKeyId = '', S3_SECRET_ACCESS_KEY: secretAccessKey = '' }: Env) {
  if (accessKeyId !== '' && secretAccessKey !== '') return { accessKeyId, secretAccessKey };
  throw new UserError('--s3 needs the keys of that server in S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY.');
}
