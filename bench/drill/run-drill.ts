import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster } from '@kilas/cluster/cluster.ts';
import type { SmallDisk } from '@kilas/testkit/small-disk.ts';
import { Databases } from './databases.ts';
import { awaitDrain, type Drain } from './drain.ts';
import type { FaultContext } from './faults/fault.ts';
import { findFault } from './faults/find-fault.ts';
import { Load } from './load/load.ts';
import { buyPhotos } from './load/orders.ts';
import { uploadPhoto, uploadPoison } from './load/uploads.ts';
import type { World } from './load/world.ts';
import { nameOf, type Plan } from './plan.ts';
import { prepareWorld } from './prepare.ts';
import { Recorder } from './record.ts';
import type { Finding } from './verify/finding.ts';
import { verify } from './verify/verify.ts';

/** Requests that were under way have so long to end. */
const settleMaxMs = 180_000;
const burstMaxMs = 30_000;

export interface DrillResult {
  readonly record: Recorder;
  readonly accepted: number;
  readonly uploads: number;
  readonly orders: number;
  readonly findings: readonly Finding[];
  readonly isDrained: boolean;
  /** Longest time for which this process, the load's own, could do nothing: with too few cores it measures itself. */
  readonly heldUpMs: number;
  /** First tries in a second, over the faults. */
  readonly requestsPerSecond: number;
  /** What the load itself stumbled over: a reply that it does not understand. */
  readonly surprises: readonly string[];
}

/** The whole drill on a cluster that was just started. */
export async function runDrill(
  cluster: Cluster,
  options: {
    plan: Plan;
    seed: number;
    progress: (message: string) => void;
    spoolDisk?: SmallDisk | undefined;
  },
): Promise<DrillResult> {
  const { plan, seed, progress, spoolDisk } = options;
  const record = new Recorder();
  const databases = new Databases((service) => (service === 'ai' ? cluster.faces.url : cluster.postgres.url(service)));
  const surprises: string[] = [];
  record.begin('preparing');
  const world = await prepareWorld(cluster.url, record, plan, seed);
  progress(`${world.book.accounts.length} people and ${world.onSale.size} photos are there`);
  const load = new Load(world, plan, (error) => surprises.push(String(error)));
  load.start();
  const heldUp = monitorEventLoopDelay();
  heldUp.enable();
  const ctx: FaultContext = {
    cluster,
    databases,
    plan,
    spoolDisk,
    away: (part, graceMs) => record.away(part, graceMs),
    uploadBurst: (burst) => sendBurst(world, load, burst),
    uploadPoison: () => uploadPoison(world),
    progress,
  };
  await underLoad(ctx, record, load, 'no fault', () => delay(plan.leadSeconds * 1000));
  for (const planned of plan.faults) {
    await underLoad(ctx, record, load, nameOf(planned), () => findFault(planned)(ctx));
  }
  await underLoad(ctx, record, load, 'afterwards', () => topUp(world, load, plan));
  heldUp.disable();
  const requestsPerSecond = record.rateSince('no fault');
  load.phase = 'off';
  await load.stop();
  await load.settle(settleMaxMs);
  progress('looking at everything that was accepted');
  const last = await awaitDrain(databases);
  const findings = await verify({ databases, storage: cluster.s3, world, book: world.book }, progress);
  return {
    record,
    accepted: world.book.count,
    uploads: world.book.photos.size,
    orders: world.book.orders.size,
    findings,
    isDrained: last.seconds !== undefined && record.summaries().every(({ stuck }) => stuck.length === 0),
    heldUpMs: Math.round(heldUp.max / 1e6),
    requestsPerSecond,
    surprises,
  };
}

/** Everything arrives before, while and after it happens; while the queues drain, nothing that fills them. */
async function underLoad(
  { databases, plan, progress }: FaultContext,
  record: Recorder,
  load: Load,
  name: string,
  happen: () => Promise<void>,
): Promise<void> {
  record.begin(name);
  load.phase = 'busy';
  await delay(plan.leadSeconds * 1000);
  await happen();
  await delay(plan.tailSeconds * 1000);
  load.phase = 'reads';
  const drain = await awaitDrain(databases);
  record.drained(drain);
  const counted = record.summaries().at(-1);
  const { requests, failed, exempt } = counted ?? { requests: 0, failed: 0, exempt: 0 };
  progress(`${name}: ${requests} requests, ${failed} failed, ${exempt} exempt; ${sayDrain(drain)}`);
}

function sayDrain({ seconds, stuck, last }: Drain): string {
  if (seconds === undefined) return `NOT DRAINED: ${stuck.join(', ')}`;
  return `drained in ${seconds} s${last.length === 0 ? '' : `, at last ${last.join(', ')}`}`;
}

/** As many uploads and orders as the plan promises, should chance have made fewer. */
async function topUp(world: World, load: Load, plan: Plan): Promise<void> {
  const everyMs = 1000 / Math.max(plan.uploadsPerSecond, plan.ordersPerSecond) / 2;
  const photos = plan.uploads - world.book.photos.size;
  const orders = plan.orders - world.book.orders.size;
  for (let index = 0; index < Math.max(photos, orders); index++) {
    if (index < photos) load.run(uploadPhoto);
    if (index < orders) load.run(buyPhotos);
    await delay(everyMs);
  }
}

async function sendBurst(
  world: World,
  load: Load,
  { count, everyMs, acceptedMin }: Parameters<FaultContext['uploadBurst']>[0],
): Promise<void> {
  const { photos } = world.book;
  const wanted = photos.size + acceptedMin;
  load.run(async () => {
    for (let index = 0; index < count; index++) {
      load.run(uploadPhoto);
      await delay(everyMs);
    }
  });
  const deadline = performance.now() + burstMaxMs;
  while (photos.size < wanted && performance.now() < deadline) await delay(2);
}
