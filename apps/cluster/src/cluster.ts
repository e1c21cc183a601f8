import path from 'node:path';
import { checkPort } from '@kilas/cli/check-port.ts';
import { UserError } from '@kilas/cli/user-error.ts';
import { findHolder, lockFolder } from '@kilas/embedded/folder-lock.ts';
import { Fleet } from '@kilas/fleet/fleet.ts';
import { startGuard } from '@kilas/fleet/guard.ts';
import { portSupply } from '@kilas/fleet/port-supply.ts';
import type { Replica, ReplicaProcess } from '@kilas/fleet/replica-process.ts';
import { openFront } from '@kilas/gateway/front.ts';
import { openInstallation } from '@kilas/installation/installation.ts';
import { type ServiceName, serviceNames } from '@kilas/installation/service-names.ts';
import { openConsulDiscovery } from '@kilas/platform/discovery/consul-discovery.ts';
import type { Discovery } from '@kilas/platform/discovery/replica-list.ts';
import { systemClock } from '@kilas/platform/process/clock.ts';
import { openLog } from '@kilas/platform/process/log.ts';
import { ensureWebBuild } from '@kilas/web-build/ensure-web-build.ts';
import { countOf, type LaunchOptions, replicaLauncher } from './replica-launcher.ts';
import { type ForeignServers, type Servers, startServers } from './servers.ts';

/** The five services, each as several processes, with all that they stand on, behind one address. */
export interface Cluster extends Pick<Servers, 'redis' | 'consul' | 's3'> {
  /** The proxy's address, without a slash at its end. */
  readonly url: string;
  /** Those that are ready. */
  replicas(service: ServiceName): readonly Replica[];
  /** Resolves when it is ready and the proxy knows it. */
  startReplica(service: ServiceName): Promise<Replica>;
  readonly postgres: { restart(meanwhile?: () => Promise<unknown>): Promise<void>; url(service: ServiceName): string };
  /** ai's database. */
  readonly faces: { restart(): Promise<void>; readonly url: string };
  /** Resolves, with what it was, when a database ended that nobody stopped: nothing works from then on. */
  readonly broken: Promise<string>;
  /** Ends everything that was started, the last first. */
  stop(): Promise<void>;
}

export interface ClusterOptions extends LaunchOptions {
  /** Of the proxy; a free one without it. */
  readonly port?: number;
  /** Servers of others in place of those that the run starts. */
  readonly servers?: ForeignServers;
  /** false: a replica that died stays dead. */
  readonly isSupervised?: boolean;
  /** Ends the start at its next step, with an error. */
  readonly stop?: AbortSignal;
  readonly onProgress?: (message: string) => void;
}

/** A process that Consul does not name so long after it is ready is worth a word. */
const unknownSaidMs = 30_000;

/**
 * Starts everything and resolves when each replica is ready and the proxy knows it. What it started ends with this process,
 * however that ends. Throws a UserError for what the person at the terminal can put right.
 */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  await using started = new AsyncDisposableStack();
  const lock = await lockRun(options.dataFolder);
  started.defer(lock.release);
  const port = options.port || (await portSupply()());
  await checkPort(port);
  const { servers, guard } = await startGround(options, started);
  options.stop?.throwIfAborted();
  const url = `http://localhost:${port}`;
  const launch = await replicaLauncher(options, { servers, guard, url });
  const fleet = await startFleet(options, { servers, launch, port }, started);
  const { databases, redis, consul, s3 } = servers;
  const all = started.move();
  return {
    url,
    replicas: (service) => fleet.replicas(service),
    startReplica: (service) => fleet.start(service),
    postgres: { restart: databases.postgres.restart, url: (service) => databases.urls[service] },
    faces: { restart: databases.faces.restart, url: databases.urls.ai },
    redis,
    consul,
    s3,
    broken: databases.broken,
    stop: () => all.disposeAsync(),
  };
}

async function lockRun(dataFolder: string) {
  await openInstallation(dataFolder);
  const run = path.join(dataFolder, 'cluster');
  const holder = await findHolder(run);
  if (holder !== undefined) {
    const remedy = 'end it first, or choose another folder with --data';
    throw new UserError(`A cluster runs on ${dataFolder} already, as process ${holder}: ${remedy}.`);
  }
  return lockFolder(run);
}

async function startGround(options: ClusterOptions, started: AsyncDisposableStack) {
  const { onProgress = () => {}, onOutput = () => {} } = options;
  const guard = startGuard();
  started.defer(guard.stop);
  const isTalkative = options.logLevel === 'debug' || options.logLevel === 'trace';
  const servers = await startServers({
    dataFolder: options.dataFolder,
    foreign: options.servers ?? {},
    mayNameForeign: options.servers !== undefined,
    guard,
    takePort: portSupply(),
    env: process.env,
    // What PostgreSQL says of a refused row holds what stands in it.
    onOutput: isTalkative ? onOutput : () => {},
    onProgress,
  });
  started.defer(servers.stop);
  return { servers, guard };
}

interface Ground {
  readonly servers: Servers;
  readonly launch: (service: ServiceName, id: string) => Promise<ReplicaProcess>;
  readonly port: number;
}

/** Where browsers fetch photos: the storage answers the links itself. */
function storageOriginsOf({ s3, env }: Servers): string[] {
  const { S3_PUBLIC_ENDPOINT: address = s3.url } = env;
  return [new URL(address).origin];
}

/** The processes and the proxy in front of them. */
async function startFleet(
  options: ClusterOptions,
  { servers, launch, port }: Ground,
  started: AsyncDisposableStack,
): Promise<Fleet> {
  const { onProgress = () => {} } = options;
  const discovery = openConsulDiscovery({
    url: servers.consul.url,
    token: servers.consul.token,
    // The services say it when Consul is away.
    log: openLog('proxy', 'silent'),
    clock: systemClock,
  });
  started.defer(async () => discovery.close());
  const fleet = new Fleet({
    spawn: launch,
    untilKnown: (replica) => untilKnown(discovery, replica, onProgress),
    isSupervised: options.isSupervised ?? true,
    onProgress,
  });
  started.defer(() => fleet.stop());
  const webFolder = await ensureWebBuild({ onProgress });
  const front = await openFront({
    addressesOf: (service) => discovery.replicasOf(service).replicas.flatMap(({ httpUrl }) => httpUrl ?? []),
    web: { folder: webFolder, storageOrigins: storageOriginsOf(servers) },
  });
  started.defer(() => front.close());
  await front.listen({ host: 'localhost', port });
  // A start that is given up in its middle need not become ready first.
  const giveUp = () => void fleet.stop();
  options.stop?.addEventListener('abort', giveUp);
  await startReplicas(fleet, options);
  options.stop?.removeEventListener('abort', giveUp);
  options.stop?.throwIfAborted();
  return fleet;
}

async function untilKnown(
  discovery: Discovery,
  { id, service, replicaId, ended }: ReplicaProcess,
  onProgress: (message: string) => void,
): Promise<void> {
  const said = setTimeout(() => onProgress(`${id} is ready, but Consul does not name it`), unknownSaidMs);
  const gone = new AbortController();
  void ended.then(() => gone.abort());
  const list = discovery.replicasOf(service);
  while (!gone.signal.aborted && !list.replicas.some((one) => one.id === replicaId)) await list.changed(gone.signal);
  clearTimeout(said);
}

/** The first of each service at once, since they bring its tables up to date; each next one when that one is ready. */
async function startReplicas(fleet: Fleet, options: ClusterOptions): Promise<void> {
  const total = serviceNames.reduce((sum, service) => sum + countOf(service, options), 0);
  let ready = 0;
  const startOne = async (service: ServiceName) => {
    const replica = await fleet.start(service);
    ready += 1;
    options.onProgress?.(`${replica.id} is ready (${ready} of ${total})`);
  };
  const outcomes = await Promise.allSettled(
    serviceNames.map(async (service) => {
      await startOne(service);
      await Promise.all(Array.from({ length: countOf(service, options) - 1 }, () => startOne(service)));
    }),
  );
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}
