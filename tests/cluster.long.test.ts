import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { createProgress } from '@kilas/cli/progress.ts';
import { ApiClient, ApiError, answerOf, asForm } from '@kilas/client/api-client.ts';
import { becomeCreator, register } from '@kilas/client/journey/people.ts';
import { runJourney } from '@kilas/client/journey/run-journey.ts';
import { awaitRecognition, createEvent } from '@kilas/client/journey/sell-photos.ts';
import { type Cluster, startCluster } from '@kilas/cluster/cluster.ts';
import { identify, type ProcessIdentity } from '@kilas/embedded/process-identity.ts';
import { redisVersion } from '@kilas/embedded/start-redis.ts';
import { serviceNames } from '@kilas/installation/service-names.ts';
import { makeSelfie, samplePhotoFiles } from '@kilas/samples/photos.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { createClient } from 'redis';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';

const hasRedis = (await redisVersion()) !== undefined;
if (!hasRedis) print('skipped, since redis-server is not on this machine: the cluster');

const quiet = createProgress(() => {});

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

async function newFolder(): Promise<string> {
  return mkdtemp(path.join(os.tmpdir(), 'kilas-cluster-test-'));
}

describe.skipIf(!hasRedis)('two processes of every service', () => {
  let folder: string;
  let cluster: Cluster;
  const lines: string[] = [];

  beforeAll(async () => {
    folder = await newFolder();
    cluster = await startCluster({
      dataFolder: folder,
      // Other tests run beside: what lets them go first would wait for their end.
      env: () => ({ CPU_PRIORITY: 'normal' }),
      onOutput: (source, line) => lines.push(`${source} | ${line}`),
      onProgress: (message) => lines.push(message),
    });
  }, 300_000);

  afterAll(async () => {
    await cluster?.stop();
    await rm(folder, { recursive: true, force: true });
    if (process.env.TEST_LOG_LEVEL !== undefined) print(lines.join('\n'));
  }, 120_000);

  test('a photo is sold to the one who appears in it, and its creator is paid', async () => {
    const input = {
      photoFiles: await samplePhotoFiles(),
      selfies: [await makeSelfie()],
      priceIdr: 50_000,
      eventName: 'City Run',
    };
    const result = await runJourney(new ApiClient(cluster.url), input, quiet);
    expect(result).toMatchObject({ photos: 6, originalSha256Matches: true, walletIdr: 40_000 });
    expect(result.matches).toBeGreaterThanOrEqual(1);
  });

  test('nobody else becomes one of its services, and no foreign name reaches one', async () => {
    const fake = JSON.stringify({ Name: 'kilas-user', Address: '127.0.0.1', Port: 6666, Meta: { http_port: '6666' } });
    const registered = await fetch(`${cluster.consul.url}/v1/agent/service/register`, { method: 'PUT', body: fake });
    expect(registered.status).toBe(403);
    const url = cluster.redis.url.replace(/:[^/@]+@/, '');
    const redis = createClient({ url, socket: { reconnectStrategy: false } }).on('error', () => {});
    await expect(redis.connect().then(() => redis.ping())).rejects.toThrow(/NOAUTH|authentication/i);
    redis.destroy();
    expect(lines.join('\n')).not.toContain(cluster.consul.token);
    const urls = [
      cluster.url,
      ...serviceNames.flatMap((service) => cluster.replicas(service).map((one) => one.httpUrl)),
    ];
    for (const url of urls) {
      for (const where of ['/metrics', '/readyz', '/dev/mail.json']) {
        expect(await statusUnder('evil.example', `${url}${where}`), `${url}${where}`).toBe(421);
      }
      expect(await statusUnder(new URL(url).host, `${url}/healthz`)).toBe(200);
    }
  });

  test('the documents of the services are served as one, with a page to read them', async () => {
    const openApi = z.object({ openapi: z.string(), paths: z.record(z.string(), z.unknown()) });
    const document = openApi.parse(await (await fetch(`${cluster.url}/openapi.json`)).json());
    const paths = Object.keys(document.paths);
    for (const route of ['/v1/auth/sign-in', '/v1/uploads/photos', '/v1/explore', '/v1/orders']) {
      expect(paths).toContain(route);
    }
    expect((await fetch(`${cluster.url}/docs/`)).status).toBe(200);
  });

  test('a killed process of each service is replaced, and nobody who asks twice notices', async () => {
    const load = await startLoad(cluster.url);
    for (const service of serviceNames) {
      const [victim] = cluster.replicas(service);
      victim?.signal('SIGKILL');
      await waitFor(
        () =>
          cluster.replicas(service).every(({ pid }) => pid !== victim?.pid) && cluster.replicas(service).length === 2,
        {
          what: `the process of ${service} to be replaced`,
          timeoutMs: 120_000,
        },
      );
    }
    const counts = await load.stop();
    print(`processes killed under load: ${JSON.stringify(counts)}`);
    expect(counts.failedTwice).toEqual([]);
    await load.verify();
  });

  test('under a rolling restart of every process no request fails for who asks twice', async () => {
    const load = await startLoad(cluster.url);
    const startedAt = performance.now();
    for (const service of serviceNames) {
      for (const replica of cluster.replicas(service)) {
        await replica.stop();
        await cluster.startReplica(service);
      }
    }
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    const counts = await load.stop();
    print(`rolling restart of 10 processes in ${seconds} s: ${JSON.stringify(counts)}`);
    expect(counts.failedTwice).toEqual([]);
    expect(counts.reads).toBeGreaterThan(100);
    expect(counts.uploads).toBeGreaterThan(10);
    await load.verify();
  });
});

async function statusUnder(host: string, url: string): Promise<number | undefined> {
  const [response] = (await once(http.get(url, { headers: { host }, agent: false }), 'response')) as [
    http.IncomingMessage,
  ];
  response.resume();
  return response.statusCode;
}

interface Counts {
  reads: number;
  uploads: number;
  /** Requests that were answered when they were sent for the second time. */
  failedOnce: string[];
  failedTwice: string[];
}

/** Four readers and two uploaders, each with one request at a time; each asks again once when that failed. */
async function startLoad(url: string) {
  const api = new ApiClient(url);
  const creator = await register(api, 'creator');
  await becomeCreator(creator, 'Lensa');
  const eventId = await createEvent(creator, 'Rolling Run', 'matches');
  const counts: Counts = { reads: 0, uploads: 0, failedOnce: [], failedTwice: [] };
  const photoIds = new Set<string>();
  let isOver = false;
  const twice = async (what: string, ask: () => Promise<unknown>) => {
    try {
      await ask();
    } catch (error) {
      if (!isServers(error)) throw error;
      counts.failedOnce.push(`${what}: ${String(error)}`);
      await ask().catch((again: unknown) => counts.failedTwice.push(`${what}: ${String(error)}; ${String(again)}`));
    }
  };
  const reads = ['/v1/me', '/v1/creator/photos', `/v1/events/${eventId}`, '/v1/wallet', '/v1/explore'];
  const read = async (first: number) => {
    for (let turn = first; !isOver; turn++) {
      const route = reads[turn % reads.length] ?? '';
      await twice(`GET ${route}`, async () => (await creator.follow(route)).arrayBuffer());
      counts.reads += 1;
    }
  };
  const upload = async (uploader: number) => {
    for (let turn = 0; !isOver; turn++) {
      const bytes = await photoOf(uploader, turn);
      await twice('POST /v1/uploads/photo', async () => {
        const photo = new File([new Uint8Array(bytes)], `photo-${uploader}-${turn}.jpg`);
        const body = { priceIdr: '10000', eventId, photo };
        const sent = creator.rest.POST('/v1/uploads/photo', { body, bodySerializer: asForm });
        photoIds.add((await answerOf(sent)).photoId);
      });
      counts.uploads += 1;
    }
  };
  const running = Promise.all([read(0), read(1), read(2), read(3), upload(0), upload(1)]);
  running.catch(() => {});
  return {
    stop: async (): Promise<Counts> => {
      isOver = true;
      await running;
      return counts;
    },
    /** Every photo that was taken comes on sale and is recognised. */
    verify: () => awaitRecognition(creator, [...photoIds], () => {}),
  };
}

/** What the client is not to blame for. */
function isServers(error: unknown): boolean {
  return !(error instanceof ApiError) || error.status >= 500;
}

/** A small picture that differs from all others. */
async function photoOf(uploader: number, turn: number): Promise<Buffer> {
  const background = { r: (turn * 37) % 256, g: (turn * 101) % 256, b: uploader * 128 };
  return sharp({ create: { width: 900 + turn, height: 700, channels: 3, background } })
    .jpeg()
    .toBuffer();
}

describe.skipIf(!hasRedis)('the command', () => {
  test('Ctrl-C in the terminal ends all that was started and leaves no port open', async () => {
    const { child, tree, ports } = await startCommand();
    const exited = once(child, 'exit');
    // A terminal sends it to the whole group of processes.
    process.kill(-(child.pid ?? 0), 'SIGINT');
    expect((await exited)[0]).toBe(0);
    expect(tree.map(({ pid }) => identify(pid)).filter((identity) => identity !== undefined)).toEqual([]);
    for (const url of ports) await expect(fetch(url)).rejects.toThrow();
  });

  test('when the command itself is killed nothing of it outlives that', async () => {
    const { child, tree, ports } = await startCommand();
    child.kill('SIGKILL');
    await waitFor(() => tree.every(({ pid, startedAt }) => identify(pid)?.startedAt !== startedAt), {
      what: 'all processes to end',
      timeoutMs: 60_000,
    });
    for (const url of ports) await expect(fetch(url)).rejects.toThrow();
  });
});

/** `npm run cluster` with one process of each service, once it says that it runs. */
async function startCommand(): Promise<{ child: ChildProcess; tree: ProcessIdentity[]; ports: string[] }> {
  const folder = await newFolder();
  const main = new URL('../apps/cluster/src/main.ts', import.meta.url).pathname;
  const args = [main, '--data', folder, '--port', '0', '--replicas', '1'];
  const child = spawn(process.execPath, args, { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 500 });
  }, 60_000);
  const ports: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    ports.push(...(line.match(/https?:\/\/(?:localhost|127\.0\.0\.1):\d+/g) ?? []));
    if (line.includes('Ctrl-C stops everything')) break;
  }
  child.stdout.resume();
  const tree = descendantsOf(child.pid ?? 0).flatMap((pid) => identify(pid) ?? []);
  // Five services, the guard, PostgreSQL, PGlite and Redis at least.
  expect(tree.length).toBeGreaterThanOrEqual(9);
  expect(ports.length).toBeGreaterThanOrEqual(3);
  return { child, tree, ports };
}

function descendantsOf(pid: number): number[] {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  const pairs = rows.map((row) => row.trim().split(/\s+/).map(Number));
  const below = (parent: number): number[] =>
    pairs.flatMap(([child = 0, of]) => (of === parent ? [child, ...below(child)] : []));
  return below(pid);
}
