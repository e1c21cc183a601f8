import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Fault, FaultContext } from './fault.ts';

const askEveryMs = 200;
const wellMaxMs = 60_000;
/** Uploads that come on top while nobody has room. */
const burst = { count: 12, everyMs: 100, acceptedMin: 0 };

/** The disk of the spools is full to the last byte for some seconds; then somebody makes room. */
export const diskFull: Fault = async (ctx) => {
  const { cluster, plan, spoolDisk, away, uploadBurst, progress } = ctx;
  if (spoolDisk === undefined) {
    progress('skipped: disk-full, which takes root to mount a small disk');
    return;
  }
  // What a killed upload left there is swept after an hour.
  const before = new Set(await listFiles(spoolDisk.folder));
  const back = away('disk', askEveryMs);
  await spoolDisk.fill(0);
  await uploadBurst(burst);
  await delay(plan.s3DownSeconds * 1000);
  const refused = await countRefused(ctx);
  for (const { id, httpUrl } of cluster.replicas('upload')) {
    const readiness = await (await fetch(`${httpUrl}/readyz`)).text();
    if (!readiness.includes('"disk":"degraded"')) throw new Error(`${id} does not say that its disk is full`);
  }
  await spoolDisk.clear();
  back();
  progress(`the disk was full for ${plan.s3DownSeconds} s; ${refused} uploads were answered 507`);
  if (refused === 0) throw new Error('no upload was refused for want of room');
  const deadline = performance.now() + wellMaxMs;
  // At some moment nothing is on its way.
  while ((await listFiles(spoolDisk.folder)).some((file) => !before.has(file))) {
    if (performance.now() > deadline) throw new Error('files were left in the spools');
    await delay(askEveryMs);
  }
};

async function countRefused({ cluster }: FaultContext): Promise<number> {
  let count = 0;
  for (const { httpUrl } of cluster.replicas('upload')) {
    const metrics = await (await fetch(`${httpUrl}/metrics`)).text();
    count += Number(/^kilas_uploads_without_room_total\{[^}]*\} (\d+)/m.exec(metrics)?.[1] ?? 0);
  }
  return count;
}

async function listFiles(folder: string): Promise<string[]> {
  const spools = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const lists = await Promise.all(
    spools.map(async ({ name }) => (await readdir(path.join(folder, name))).map((file) => path.join(name, file))),
  );
  return lists.flat();
}
