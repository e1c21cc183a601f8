import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findFreePort } from '@kilas/embedded/free-port.ts';
import { problems } from '@kilas/messages/problems.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { onTestFinished } from 'vitest';
import { openConsulDiscovery } from '../discovery/consul-discovery.ts';
import type { Replica } from '../discovery/replica-list.ts';
import { systemClock } from '../process/clock.ts';
import { runService } from '../service/run-service.ts';
import { type EchoOptions, openEcho } from './echo-service.ts';
import { writeEchoTask } from './echo-task.ts';

export interface Echo extends Replica {
  readonly httpUrl: string;
  /** Access tokens in the order in which they came. */
  calls(): Promise<readonly string[]>;
  /** Asks it to end and waits for that. */
  stop(): Promise<void>;
}

export interface EchoProcess extends Echo {
  signal(name: NodeJS.Signals): void;
}

interface StartOptions extends Pick<EchoOptions, 'id' | 'publicKeyPem' | 'ready'> {
  readonly consulUrl?: string;
  readonly drainDelayMs?: number;
}

/** An echo service in this process, on real ports, known to Consul where there is one; it ends with the test. */
export async function startEcho({ consulUrl, drainDelayMs = 0, ...options }: StartOptions): Promise<Echo> {
  const calls: string[] = [];
  const service = openEcho({ ...options, onCall: (token) => calls.push(token) });
  const place = { rpcPort: await findFreePort(), httpPort: await findFreePort() };
  const { log } = service;
  const discovery =
    consulUrl === undefined ? undefined : openConsulDiscovery({ url: consulUrl, log, clock: systemClock });
  const self = { service: 'user', replicaId: options.id, host: '127.0.0.1', version: '1' };
  const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
  const ended = runService(
    service,
    {
      ...place,
      host: '127.0.0.1',
      title: 'echo',
      log,
      problems,
      corsOrigins: [],
      trustedProxies: [],
      drainDelayMs,
      presence: {
        announce: (where) => discovery?.announce({ ...self, ...where }),
        withdraw: async () => discovery?.withdraw(),
      },
    },
    asked,
  );
  const stop = async () => {
    ask();
    await ended;
    discovery?.close();
  };
  onTestFinished(stop);
  const httpUrl = `http://127.0.0.1:${place.httpPort}`;
  await waitUntilServing(httpUrl);
  return { id: options.id, url: `http://127.0.0.1:${place.rpcPort}`, httpUrl, calls: async () => calls, stop };
}

/** The same in a process of its own, which can be killed and frozen. */
export async function startEchoProcess(options: StartOptions): Promise<EchoProcess> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-echo-'));
  const callsFile = path.join(folder, 'calls');
  const { id, publicKeyPem, consulUrl } = options;
  const task = { id, publicKeyPem, callsFile, rpcPort: await findFreePort(), httpPort: await findFreePort() };
  const child = spawn(process.execPath, [fileURLToPath(new URL('./echo-process.ts', import.meta.url))], {
    env: { PATH: process.env.PATH, ...writeEchoTask(consulUrl === undefined ? task : { ...task, consulUrl }) },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const ended = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true, force: true });
  });
  const httpUrl = `http://127.0.0.1:${task.httpPort}`;
  await waitUntilServing(httpUrl);
  return {
    id,
    url: `http://127.0.0.1:${task.rpcPort}`,
    httpUrl,
    calls: async () => (await readFile(callsFile, 'utf8').catch(() => '')).split('\n').filter((line) => line !== ''),
    signal: (name) => void child.kill(name),
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function waitUntilServing(httpUrl: string): Promise<void> {
  const isServing = async () => (await fetch(`${httpUrl}/readyz`).catch(() => undefined)) !== undefined;
  await waitFor(isServing, { what: 'the echo service', timeoutMs: 20_000 });
}
