import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createProgress } from '@kilas/cli/progress.ts';
import { listenForStop, untilStopped } from '@kilas/cli/stop-signal.ts';
import { runCommand } from '@kilas/cli/user-error.ts';
import { startCluster } from '@kilas/cluster/cluster.ts';
import { mountSmallDisk } from '@kilas/testkit/small-disk.ts';
import { type DrillOptions, readArguments, UsageError, usage } from './arguments.ts';
import { Logs } from './logs.ts';
import { isGood, renderReport, verdictOf } from './report.ts';
import { runDrill } from './run-drill.ts';

const poison = fileURLToPath(new URL('./poison.ts', import.meta.url));

/** Of the disk that all spools share, and what of it has to stay free. */
const spoolSizeBytes = 512 * 1024 * 1024;
const spoolFreeMinBytes = 64 * 1024 * 1024;

const sabotage = fileURLToPath(new URL('./sabotage.ts', import.meta.url));

const stop = listenForStop();
await runCommand(stop, async () => {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) return;
  if (options.dataFolder !== undefined) return drill(options, options.dataFolder);
  const folder = await mkdtemp(path.join(tmpdir(), 'kilas-drill-'));
  try {
    await drill(options, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

function readOptions(argv: readonly string[]): DrillOptions | undefined {
  try {
    const options = readArguments(argv);
    if (options === undefined) process.stdout.write(usage);
    return options;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n\n${usage}`);
    process.exitCode = 2;
    return undefined;
  }
}

async function drill({ plan, seed, isSabotaged }: DrillOptions, dataFolder: string): Promise<void> {
  const progress = createProgress((text) => process.stderr.write(text));
  const logs = await Logs.open(path.join(dataFolder, 'logs'));
  const spoolFolder = path.join(dataFolder, 'spool');
  await mkdir(spoolFolder, { recursive: true });
  const spoolDisk = plan.faults.some(({ kind }) => kind === 'disk-full')
    ? mountSmallDisk(spoolSizeBytes, spoolFolder)
    : undefined;
  const cluster = await startCluster({
    dataFolder,
    isSupervised: false,
    stop,
    nodeArgs: (service) => {
      if (isSabotaged && service === 'upload') return ['--import', sabotage];
      return service === 'ai' && plan.faults.some(({ kind }) => kind === 'poison') ? ['--import', poison] : [];
    },
    env: (service) =>
      spoolDisk !== undefined && service === 'upload' ? { SPOOL_FREE_MIN_BYTES: String(spoolFreeMinBytes) } : {},
    onOutput: (source, line) => logs.write(source, line),
  }).catch((error: unknown) => {
    spoolDisk?.unmount();
    throw error;
  });
  try {
    progress.step(`the cluster runs at ${cluster.url}`);
    const drilling = runDrill(cluster, { plan, seed, spoolDisk, progress: (message) => progress.step(message) });
    const broken = cluster.broken.then((what) => Promise.reject(new Error(`${what} ended by itself`)));
    const result = await Promise.race([drilling, untilStopped(stop), broken]);
    if (result === undefined) throw new Error('stopped');
    const verdict = verdictOf(result, plan.faults.length);
    process.stderr.write(`\n${renderReport(result)}\n`);
    process.stderr.write(`seed ${seed}, ${availableParallelism()} cores, ${progress.seconds()} s\n`);
    process.stdout.write(`${JSON.stringify(verdict)}\n`);
    process.exitCode = isGood(verdict) ? 0 : 1;
  } finally {
    await cluster.stop();
    spoolDisk?.unmount();
    logs.close();
  }
}
