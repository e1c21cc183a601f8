import { spawn as spawnProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { findFreePort } from '@kilas/embedded/free-port.ts';
import { identify } from '@kilas/embedded/process-identity.ts';
import type { ServiceName } from '@kilas/installation/service-names.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { Fleet, type FleetOptions } from './fleet.ts';
import { type Guard, startGuard } from './guard.ts';
import { type ReplicaProcess, spawnReplica } from './replica-process.ts';

const folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-fleet-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What stands for a service: says that it is ready, and ends a moment after it was asked to. */
const healthy = `
  import { createServer } from 'node:http';
  const server = createServer((_, response) => response.end());
  server.listen(Number(process.env.HTTP_PORT), '127.0.0.1', () => console.log('up'));
  process.once('SIGTERM', () => { console.log('ending'); server.closeAllConnections(); server.close(); });
`;

interface Run {
  readonly fleet: Fleet;
  readonly messages: string[];
  readonly lines: string[];
}

async function open(program: string, options: Partial<FleetOptions> = {}): Promise<Run> {
  const file = path.join(folder, `${crypto.randomUUID()}.mjs`);
  await writeFile(file, program);
  const guard = startGuard();
  const messages: string[] = [];
  const lines: string[] = [];
  const fleet = new Fleet({
    spawn: (service, id) => spawn(file, service, id, guard, (line) => lines.push(`${id} ${line}`)),
    untilKnown: async () => {},
    isSupervised: true,
    onProgress: (message) => messages.push(message),
    ...options,
  });
  onTestFinished(async () => {
    await fleet.stop();
    await guard.stop();
  });
  return { fleet, messages, lines };
}

async function spawn(
  program: string,
  service: ServiceName,
  id: string,
  guard: Guard,
  onLine: (line: string) => void,
): Promise<ReplicaProcess> {
  const httpPort = await findFreePort();
  const env = { HTTP_PORT: String(httpPort) };
  const httpUrl = `http://127.0.0.1:${httpPort}`;
  const launch = { id, service, replicaId: id, httpUrl, program, env };
  return spawnReplica(launch, guard, onLine);
}

test('a process that was killed is replaced in its place, and the run says so', async () => {
  const { fleet, messages } = await open(healthy);
  const [first, second] = [await fleet.start('user'), await fleet.start('user')];
  expect([first.id, second.id]).toEqual(['user-1', 'user-2']);
  first.signal('SIGKILL');
  await first.ended;
  const replaced = await waitFor(() => fleet.replicas('user').find(({ id }) => id === 'user-1'), { what: 'user-1' });
  expect(replaced.pid).not.toBe(first.pid);
  expect(replaced.httpUrl).not.toBe(first.httpUrl);
  expect(fleet.replicas('user').map(({ pid }) => pid)).toContain(second.pid);
  expect(messages).toEqual([
    `user-1 (process ${first.pid}) ended by itself with SIGKILL: it is started again`,
    `user-1 is back as process ${replaced.pid}`,
  ]);
});

test('without a supervisor the dead stay dead, and the next start takes the free place', async () => {
  const { fleet } = await open(healthy, { isSupervised: false });
  const [first] = [await fleet.start('photo'), await fleet.start('photo')];
  first.signal('SIGKILL');
  await waitFor(() => fleet.replicas('photo').length === 1, { what: 'the death to be noticed' });
  expect((await fleet.start('photo')).id).toBe('photo-1');
});

test('a process that was stopped has ended what it did, and nobody takes its place', async () => {
  const { fleet, lines, messages } = await open(healthy);
  const replica = await fleet.start('photo');
  await replica.stop();
  expect(lines).toEqual(['photo-1 up', 'photo-1 ending']);
  expect(identify(replica.pid)).toBeUndefined();
  expect(fleet.replicas('photo')).toEqual([]);
  expect((await fleet.start('photo')).id).toBe('photo-1');
  expect(messages).toEqual([]);
});

test('a process counts once it is ready and the proxy knows it', async () => {
  const known = Promise.withResolvers<void>();
  const { fleet, lines } = await open(healthy, { untilKnown: () => known.promise });
  const starting = fleet.start('photo');
  await waitFor(() => lines.includes('photo-1 up'), { what: 'the process to serve' });
  expect(fleet.replicas('photo')).toEqual([]);
  known.resolve();
  const replica = await starting;
  expect(fleet.replicas('photo')).toEqual([replica]);
});

test('a process that dies while it starts is tried three times, then the start fails with what happened', async () => {
  const { fleet, lines, messages } = await open("console.error('no such thing'); process.exitCode = 3;");
  await expect(fleet.start('photo')).rejects.toThrow('photo-1 ended with 3 before it was ready');
  expect(lines).toEqual(Array.from({ length: 3 }, () => 'photo-1 no such thing'));
  expect(messages).toHaveLength(2);
  expect(fleet.replicas('photo')).toEqual([]);
});

test('a program that cannot be started is said at once', async () => {
  const { fleet } = await open(healthy, {
    spawn: async (service, id) => {
      const guard = startGuard();
      onTestFinished(guard.stop);
      const launch = { id, service, replicaId: id, httpUrl: 'http://127.0.0.1:1', env: {} };
      return spawnReplica({ ...launch, wrap: ['/no/such/program'] }, guard, () => {});
    },
  });
  await expect(fleet.start('photo')).rejects.toThrow('photo-1 ended with ENOENT before it was ready');
});

test('the end of the fleet ends a frozen process and one that is just starting', async () => {
  const { fleet } = await open(healthy);
  const frozen = await fleet.start('photo');
  frozen.signal('SIGSTOP');
  const starting = fleet.start('user');
  starting.catch(() => {});
  await fleet.stop();
  expect(identify(frozen.pid)).toBeUndefined();
  await expect(starting).rejects.toThrow();
});

test('when the run is killed its processes end, a frozen one too', async () => {
  const program = path.join(folder, 'orphan.mjs');
  await writeFile(program, healthy);
  const [healthyPort, frozenPort] = [await findFreePort(), await findFreePort()];
  const source = `
    import { startGuard } from '${new URL('./guard.ts', import.meta.url).href}';
    import { spawnReplica } from '${new URL('./replica-process.ts', import.meta.url).href}';
    const guard = startGuard();
    const launch = (httpPort) => spawnReplica({ id: 'photo-1', service: 'photo', program: '${program}', replicaId: '1',
      httpUrl: 'http://127.0.0.1:' + httpPort,
      env: { HTTP_PORT: String(httpPort) } }, guard, () => {});
    const [well, frozen] = [launch(${healthyPort}), launch(${frozenPort})];
    await Promise.all([well.untilReady(), frozen.untilReady()]);
    frozen.signal('SIGSTOP');
    console.log(JSON.stringify([well.pid, frozen.pid]));`;
  const run = spawnProcess(process.execPath, ['--input-type=module', '-e', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void run.kill('SIGKILL'));
  const [line] = await once(createInterface({ input: run.stdout }), 'line');
  const pids = z.array(z.number()).parse(JSON.parse(String(line)));
  expect(pids.map((pid) => identify(pid) !== undefined)).toEqual([true, true]);
  run.kill('SIGKILL');
  await waitFor(() => pids.every((pid) => identify(pid) === undefined), {
    what: 'the processes of the killed run to end',
    timeoutMs: 20_000,
  });
});
