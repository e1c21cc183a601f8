import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { findFreePort } from '@kilas/embedded/free-port.ts';
import { startGuard } from '@kilas/fleet/guard.ts';
import { type ReplicaProcess, spawnReplica } from '@kilas/fleet/replica-process.ts';
import { openFront } from '@kilas/gateway/front.ts';
import { environmentOf } from '@kilas/installation/environment-of.ts';
import { newInstallation } from '@kilas/installation/installation.ts';
import { eachService, type ServiceName, serviceNames } from '@kilas/installation/service-names.ts';
import type { Env } from '@kilas/platform/process/env.ts';
import { createTestDatabase, createTestVectorDatabase } from './test-database.ts';

export interface ServiceProcesses {
  /** The front's address: one URL map over the five. */
  readonly url: string;
  readonly databaseUrls: Readonly<Record<ServiceName, string>>;
  /** Starts a service's process, with variables that differ, and waits until it is ready. */
  start(service: ServiceName, env?: Env): Promise<void>;
  /** Ends a service's process with a signal and waits until it is gone. */
  end(service: ServiceName, signal: NodeJS.Signals): Promise<void>;
  stop(): Promise<void>;
}

export interface ProcessOptions {
  /** Variables that differ from an installation's. */
  readonly env?: Env;
  /** Takes each line that a service writes, which is shown otherwise. */
  readonly onLine?: (service: ServiceName, line: string) => void;
}

/** The five services, each a process of its own as in an installation, talking gRPC over HTTP/2 on loopback ports. */
export async function startProcesses(options: ProcessOptions = {}): Promise<ServiceProcesses> {
  const dataFolder = await mkdtemp(path.join(os.tmpdir(), 'kilas-processes-'));
  const ports = {
    user: await twoPorts(),
    photo: await twoPorts(),
    transaction: await twoPorts(),
    ai: await twoPorts(),
    upload: await twoPorts(),
  };
  const databases = {
    user: await createTestDatabase(),
    photo: await createTestDatabase(),
    transaction: await createTestDatabase(),
    ai: await createTestVectorDatabase(),
    upload: await createTestDatabase(),
  };
  const address = (service: ServiceName) => `http://127.0.0.1:${ports[service].http}`;
  const front = await openFront({ addressesOf: (service) => [address(service)] });
  const url = await front.listen({ host: '127.0.0.1', port: 0 });
  const installation = newInstallation();
  const place = {
    dataFolder,
    publicUrl: url,
    logLevel: process.env.TEST_LOG_LEVEL ?? 'error',
    ports,
    databaseUrls: eachService((service) => databases[service].url),
  };
  const { onLine = (_service, line) => void process.stdout.write(`${line}\n`) } = options;
  const guard = startGuard();
  const running = new Map<ServiceName, ReplicaProcess>();
  const start = async (service: ServiceName, env: Env = {}) => {
    const environment = {
      ...environmentOf(service, installation, place),
      GRAPHS_FOLDER: path.join(os.tmpdir(), 'kilas-test-graphs'),
      PATH: process.env.PATH,
      // Beside tests that fill all cores they would wait for long.
      CPU_PRIORITY: 'normal',
      ...options.env,
      ...env,
    };
    const launch = { id: service, service, replicaId: service, httpUrl: address(service), env: environment };
    const replica = spawnReplica(launch, guard, (line) => onLine(service, line));
    running.set(service, replica);
    await replica.untilReady();
  };
  const end = async (service: ServiceName, signal: NodeJS.Signals) => {
    const replica = running.get(service);
    running.delete(service);
    replica?.signal(signal);
    await replica?.ended;
  };
  const stop = async () => {
    await front.close();
    await Promise.all([...running.values()].map((replica) => replica.stop()));
    await guard.stop();
    for (const database of Object.values(databases)) await database.drop();
    await rm(dataFolder, { recursive: true, force: true });
  };
  try {
    await Promise.all(serviceNames.map((service) => start(service)));
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, databaseUrls: place.databaseUrls, start, end, stop };
}

async function twoPorts(): Promise<{ http: number; rpc: number }> {
  return { http: await findFreePort(), rpc: await findFreePort() };
}
