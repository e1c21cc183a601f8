import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { findFreePort } from '@kilas/embedded/free-port.ts';
import { openFront } from '@kilas/gateway/front.ts';
import { environmentOf } from '@kilas/installation/environment-of.ts';
import { newInstallation } from '@kilas/installation/installation.ts';
import { type ServiceName, serviceNames } from '@kilas/installation/service-names.ts';
import type { Env } from '@kilas/platform/process/env.ts';
import { createTestDatabase, createTestVectorDatabase } from './test-database.ts';
import { waitFor } from './wait-for.ts';

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
    databaseUrls: {
      user: databases.user.url,
      photo: databases.photo.url,
      transaction: databases.transaction.url,
      ai: databases.ai.url,
      upload: databases.upload.url,
    },
  };
  const children = new Map<ServiceName, ChildProcess>();
  const start = async (service: ServiceName, env: Env = {}) => {
    const main = new URL(`../../../services/${service}/src/main.ts`, import.meta.url);
    const environment = {
      ...environmentOf(service, installation, place),
      GRAPHS_FOLDER: path.join(os.tmpdir(), 'kilas-test-graphs'),
      PATH: process.env.PATH,
      // Beside tests that fill all cores they would wait for long.
      CPU_PRIORITY: 'normal',
      ...options.env,
      ...env,
    };
    const child = spawn(process.execPath, [main.pathname], {
      env: environment,
      stdio: ['ignore', options.onLine === undefined ? 'inherit' : 'pipe', 'inherit'],
    });
    if (child.stdout !== null) {
      createInterface({ input: child.stdout }).on('line', (line) => options.onLine?.(service, line));
    }
    children.set(service, child);
    await waitFor(
      async () => {
        if (child.exitCode !== null) throw new Error(`${service} ended with code ${child.exitCode}`);
        return (await fetch(`${address(service)}/readyz`).catch(() => undefined))?.ok;
      },
      { what: `${service} to be ready`, timeoutMs: 60_000 },
    );
  };
  const end = async (service: ServiceName, signal: NodeJS.Signals) => {
    const child = children.get(service);
    children.delete(service);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  };
  const stop = async () => {
    await front.close();
    await Promise.all(serviceNames.map((service) => end(service, 'SIGTERM')));
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
