import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ApiClient } from '@kilas/client/api-client.ts';
import { type Cluster, startCluster } from '@kilas/cluster/cluster.ts';
import { requireRedis } from '@kilas/cluster/servers.ts';
import { round } from '../numbers.ts';
import { type Part, readArguments, usage } from './arguments.ts';
import { openLoop, percentile, type Sample } from './open-loop.ts';
import { Pictures } from './pictures.ts';
import { UploadQueue } from './queue.ts';
import { awaitDone, countLeft, openStudio, Shop, uploadPhoto } from './shop.ts';

const explorePerSecond = 20;
const checkOutPerSecond = 4;
/** Before anything is measured, as fast as they go: a shop that is open has its code compiled and its caches filled. */
const warmCheckOuts = 200;
const warmExplores = 400;
/** Fewer than a buyer may have open. */
const ordersOfBuyer = 8;
const quiet = { LOG_LEVEL: 'error' };
const cpuServices: readonly string[] = ['upload', 'ai'];
/** Of Linux, by their numbers. */
const policies: Readonly<Record<string, string>> = { 0: 'SCHED_OTHER', 3: 'SCHED_BATCH', 5: 'SCHED_IDLE' };

const options = readArguments(process.argv.slice(2));
if (options.isHelp) process.stdout.write(usage);
else await main();

async function main(): Promise<void> {
  await requireRedis(false);
  const folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-isolation-'));
  try {
    const pictures = await Pictures.make();
    const wants = (part: Part) => options.parts.includes(part);
    const ratios = wants('isolation') ? await measureIsolation(path.join(folder, 'isolation'), pictures) : undefined;
    const drain = wants('drain') ? await measureDrain(folder, pictures) : undefined;
    process.stdout.write(`${JSON.stringify({ ...ratios, ...drain, cores: os.availableParallelism() })}\n`);
    process.exitCode = ratios === undefined || isIsolated(ratios) ? 0 : 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Ratios {
  /** Busy p95 over idle p95. */
  readonly exploreRatio: number;
  readonly checkoutRatio: number;
  readonly exploreBusyP95Ms: number;
  readonly checkoutBusyP95Ms: number;
  readonly checkoutIdleP50Ms: number;
  readonly queueMin: number;
  /** Photos, while it was busy. */
  readonly acceptedPerSecond: number;
  /** Uploads on their way at once, and how the program that sends them is scheduled: SCHED_IDLE where the system knows it. */
  readonly feederAtOnce: number;
  readonly feederPriority: string;
  readonly failed: number;
}

/** An installation that refuses at once would be the fastest of all, and one without work proves nothing. */
function isIsolated({ exploreRatio, checkoutRatio, queueMin, failed }: Ratios): boolean {
  return failed === 0 && queueMin > 0 && exploreRatio <= 1.5 && checkoutRatio <= 1.5;
}

async function measureIsolation(dataFolder: string, pictures: Pictures): Promise<Ratios> {
  say('starting a cluster; upload and ai on one core');
  // The storage of a cluster is a stand-in in the process that measures: it would measure that.
  const files = {
    OBJECTS_STORE: 'files',
    OBJECTS_FOLDER: path.join(dataFolder, 'objects'),
    OBJECTS_SIGNING_KEY: randomBytes(32).toString('hex'),
  };
  const cluster = await startCluster({
    dataFolder,
    replicas: { user: 1, photo: 1, transaction: 1, ai: 1, upload: 1 },
    env: (service) => ({ ...quiet, ...files, ...(service === 'ai' ? { AI_CONCURRENCY: '1' } : {}) }),
    wrap: (service) => (cpuServices.includes(service) ? pinnedTo(0) : []),
  });
  const queue = new UploadQueue(cluster.postgres.url('upload'));
  let feeder: ChildProcess | undefined;
  try {
    // A full page of explore, before as well as after.
    const buyers = Math.ceil((checkOutPerSecond * options.seconds * 2 + warmCheckOuts) / ordersOfBuyer);
    const shop = await Shop.open(new ApiClient(cluster.url), pictures, { photos: 24, buyers });
    say('warming up');
    for (let count = 0; count < warmCheckOuts; count++) await shop.checkOut();
    for (let count = 0; count < warmExplores; count++) await shop.explore();
    say(`idle for ${options.seconds} s`);
    const idle = await measure(shop);
    feeder = feed(cluster, shop);
    await untilDeep(queue, 8);
    const acceptedBefore = await queue.countAccepted();
    const busySince = performance.now();
    say(`busy for ${options.seconds} s`);
    const depths: number[] = [];
    const watching = watch(queue, depths);
    const busy = await measure(shop);
    watching.stop();
    const feederPriority = schedulingOf(feeder.pid);
    const accepted = (await queue.countAccepted()) - acceptedBefore;
    report(idle, busy, depths);
    return {
      exploreRatio: ratio(busy.explore, idle.explore),
      checkoutRatio: ratio(busy.checkOut, idle.checkOut),
      exploreBusyP95Ms: round(percentile(busy.explore, 0.95)),
      checkoutBusyP95Ms: round(percentile(busy.checkOut, 0.95)),
      checkoutIdleP50Ms: round(percentile(idle.checkOut, 0.5)),
      queueMin: Math.min(...depths),
      acceptedPerSecond: round((accepted * 1000) / (performance.now() - busySince)),
      feederAtOnce: options.atOnce,
      feederPriority,
      failed: [...idle.explore, ...idle.checkOut, ...busy.explore, ...busy.checkOut].filter(({ isOk }) => !isOk).length,
    };
  } finally {
    await end(feeder);
    await queue.close();
    await cluster.stop();
  }
}

/** The seconds that one and two replicas of upload and ai take for a photo of a queue, each replica with one thread. */
async function measureDrain(folder: string, pictures: Pictures) {
  const one = await drain(path.join(folder, 'one'), pictures, 1);
  const two = await drain(path.join(folder, 'two'), pictures, 2);
  const drainRatio = round(two / one);
  say(`a photo takes ${one.toFixed(2)} s with one replica, ${two.toFixed(2)} s with two: ratio ${drainRatio}`);
  return { drainRatio, secondsPerPhoto: [round(one), round(two)] };
}

async function drain(dataFolder: string, pictures: Pictures, replicas: number): Promise<number> {
  say(`draining with ${replicas} of upload and ai`);
  const cluster = await startCluster({
    dataFolder,
    replicas: { user: 1, photo: 1, transaction: 1, ai: 0, upload: 1 },
    env: () => ({
      ...quiet,
      AI_CONCURRENCY: '1',
      DERIVE_CONCURRENCY: '1',
      RECOGNISE_CONCURRENCY: '2',
      UV_THREADPOOL_SIZE: '2',
    }),
    // With one replica the other cores stay free, and with two the second one has a core of its own, where there are two.
    wrap: (service) => (cpuServices.includes(service) && replicas === 1 ? pinnedTo(0) : []),
    isSupervised: false,
  });
  const queue = new UploadQueue(cluster.postgres.url('upload'));
  try {
    const { creator, eventId } = await openStudio(new ApiClient(cluster.url));
    const photoIds: string[] = [];
    while (photoIds.length < options.photos) {
      const burst = Array.from({ length: Math.min(4, options.photos - photoIds.length) }, () =>
        uploadPhoto(creator, eventId, pictures.next()),
      );
      photoIds.push(...(await Promise.all(burst)));
    }
    const waiting = await queue.countOpen();
    await Promise.all([
      ...Array.from({ length: replicas }, () => cluster.startReplica('ai')),
      ...Array.from({ length: replicas - 1 }, () => cluster.startReplica('upload')),
    ]);
    // Processes take seconds to start; what counts is what they do when all are there.
    const left = await countLeft(creator, photoIds);
    const startedAt = performance.now();
    await awaitDone(creator, photoIds);
    say(`  ${waiting} jobs were waiting; ${left} photos were left when all were ready`);
    return (performance.now() - startedAt) / 1000 / Math.max(1, left);
  } finally {
    await queue.close();
    await cluster.stop();
  }
}

/** As Linux says it: policy and niceness, "SCHED_IDLE, nice 10". */
function schedulingOf(pid: number | undefined): string {
  if (pid === undefined) return 'unknown';
  const nice = `nice ${os.getPriority(pid)}`;
  if (process.platform !== 'linux') return nice;
  // The 41st field of proc(5); the name, which is the second, may hold anything.
  const policy = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[38] ?? '';
  return `${policies[policy] ?? policy}, ${nice}`;
}

function pinnedTo(core: number): readonly string[] {
  return process.platform === 'linux' && os.availableParallelism() > 1 ? ['taskset', '-c', String(core)] : [];
}

interface Measured {
  readonly explore: readonly Sample[];
  readonly checkOut: readonly Sample[];
}

async function measure(shop: Shop): Promise<Measured> {
  const [explore, checkOut] = await Promise.all([
    openLoop(explorePerSecond, options.seconds, () => shop.explore()),
    openLoop(checkOutPerSecond, options.seconds, () => shop.checkOut()),
  ]);
  return { explore, checkOut };
}

function feed(cluster: Cluster, shop: Shop): ChildProcess {
  const [program = process.execPath, ...wrapped] = [...pinnedTo(0), process.execPath];
  // Past the proxy, which here shares a process with what measures.
  const [upload] = cluster.replicas('upload');
  return spawn(program, [...wrapped, path.join(import.meta.dirname, 'feeder.ts')], {
    env: {
      ...process.env,
      FEED_URL: upload?.httpUrl ?? cluster.url,
      FEED_TOKEN: shop.creator.token ?? '',
      FEED_EVENT: shop.eventId,
      FEED_AT_ONCE: String(options.atOnce),
    },
    stdio: ['ignore', 'inherit', 'inherit'],
    // A session of its own, whose priority it lowers.
    detached: true,
  });
}

async function untilDeep(queue: UploadQueue, depth: number): Promise<void> {
  while ((await queue.countOpen()) < depth) await delay(500);
}

function watch(queue: UploadQueue, depths: number[]): { stop(): void } {
  const timer = setInterval(() => queue.countOpen().then((depth) => depths.push(depth)), 1_000);
  return { stop: () => clearInterval(timer) };
}

async function end(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

function report(idle: Measured, busy: Measured, depths: readonly number[]): void {
  for (const [name, key] of [
    ['explore', 'explore'],
    ['checkout', 'checkOut'],
  ] as const) {
    const line = [idle, busy].map((phase) => {
      const samples = phase[key];
      const failed = samples.filter(({ isOk }) => !isOk).length;
      return `p50 ${percentile(samples, 0.5).toFixed(1)} p95 ${percentile(samples, 0.95).toFixed(1)} ms (${samples.length}, ${failed} failed)`;
    });
    process.stdout.write(`${name.padEnd(9)} idle ${line[0]}   busy ${line[1]}\n`);
  }
  process.stdout.write(`jobs waiting or running, each second: ${depths.join(' ')}\n`);
}

function ratio(busy: readonly Sample[], idle: readonly Sample[]): number {
  return round(percentile(busy, 0.95) / percentile(idle, 0.95));
}

function say(message: string): void {
  process.stderr.write(`${message}\n`);
}
