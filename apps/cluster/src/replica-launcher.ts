import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import type { Guard } from '@kilas/fleet/guard.ts';
import { portSupply } from '@kilas/fleet/port-supply.ts';
import { type ReplicaProcess, spawnReplica } from '@kilas/fleet/replica-process.ts';
import { environmentOf } from '@kilas/installation/environment-of.ts';
import { openInstallation } from '@kilas/installation/installation.ts';
import { type ServiceName, serviceNames } from '@kilas/installation/service-names.ts';
import type { Env } from '@kilas/platform/process/env.ts';
import type { Servers } from './servers.ts';

const replicasDefault = 2;
/** PostgreSQL of the embedded run takes 200 connections; the jobs of a process take five besides its pool. */
const connectionsMax = 190;
const jobConnections = 5;

export interface LaunchOptions {
  /** Created when absent; holds everything the run keeps. */
  readonly dataFolder: string;
  /** Processes of each service; two without it. */
  readonly replicas?: Partial<Record<ServiceName, number>>;
  readonly logLevel?: string;
  /** Variables beside, or in place of, those that the cluster sets. */
  readonly env?: (service: ServiceName) => Env;
  /** Arguments of Node.js before the program, `['--import', …]`. */
  readonly nodeArgs?: (service: ServiceName) => readonly string[];
  /** A command that starts the process, `['taskset', '-c', '0']`. */
  readonly wrap?: (service: ServiceName) => readonly string[];
  /** Receives what the processes write, line by line; `source` is a replica's id. */
  readonly onOutput?: (source: string, line: string) => void;
}

interface Surroundings {
  readonly servers: Servers;
  readonly guard: Guard;
  /** Where clients reach the proxy. */
  readonly url: string;
}

/** Each takes some 300 MB. */
const enginesMax = 4;

/** Processes of a service at the start. */
export function countOf(service: ServiceName, options: Pick<LaunchOptions, 'replicas'>): number {
  return options.replicas?.[service] ?? replicasDefault;
}

/** How the process of a place is started: as on a machine of its own, with what differs between the places. */
export async function replicaLauncher(options: LaunchOptions, { servers, guard, url }: Surroundings) {
  const { databases, host } = servers;
  const installation = await openInstallation(options.dataFolder);
  const takePort = portSupply(host);
  const place = {
    dataFolder: options.dataFolder,
    publicUrl: url,
    logLevel: options.logLevel ?? 'warn',
    databaseUrls: databases.urls,
  };
  const processes = serviceNames.reduce((sum, service) => sum + countOf(service, options), 0);
  const common: Env = {
    PATH: process.env.PATH,
    // The certificates that are trusted besides, where servers are named that have ones of their own.
    NODE_EXTRA_CA_CERTS: process.env.NODE_EXTRA_CA_CERTS,
    HOST: host,
    ADVERTISE_HOST: host,
    TRUSTED_PROXIES: host,
    DATABASE_POOL_MAX: String(Math.max(2, Math.min(10, Math.floor(connectionsMax / processes) - jobConnections))),
    ...engineEnv(Math.floor(availableParallelism() / Math.max(1, countOf('ai', options)))),
    ...servers.env,
  };
  return async (service: ServiceName, id: string): Promise<ReplicaProcess> => {
    const [httpPort, rpcPort] = [await takePort(), await takePort()];
    const spoolFolder = path.join(options.dataFolder, 'spool', id);
    await mkdir(spoolFolder, { recursive: true, mode: 0o700 });
    // Consul must not take a process for the one whose place it takes.
    const replicaId = `${id}.${randomBytes(4).toString('hex')}`;
    const env: Env = {
      ...environmentOf(service, installation, place),
      ...common,
      ...databases.env(service),
      HTTP_PORT: String(httpPort),
      RPC_PORT: String(rpcPort),
      REPLICA_ID: replicaId,
      SPOOL_FOLDER: spoolFolder,
      ...options.env?.(service),
    };
    const launch = {
      id,
      service,
      replicaId,
      httpUrl: `http://${host.includes(':') ? `[${host}]` : host}:${httpPort}`,
      env,
      nodeArgs: options.nodeArgs?.(service) ?? [],
      wrap: options.wrap?.(service) ?? [],
    };
    return spawnReplica(launch, guard, (line) => options.onOutput?.(id, line));
  };
}

/** What a replica of ai does with its cores: an engine for each, up to four. */
function engineEnv(cores: number) {
  const engines = Math.min(Math.max(cores, 1), enginesMax);
  return { AI_CONCURRENCY: String(engines), AI_THREADS: String(Math.max(1, Math.floor(cores / engines))) };
}
