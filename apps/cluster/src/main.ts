import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createProgress } from '@kilas/cli/progress.ts';
import { listenForStop, untilStopped } from '@kilas/cli/stop-signal.ts';
import { runCommand, UserError } from '@kilas/cli/user-error.ts';
import { packEnv } from '@kilas/installation/pack-env.ts';
import { type ServiceName, serviceNames } from '@kilas/installation/service-names.ts';
import { type Cluster, startCluster } from './cluster.ts';
import { type ClusterArguments, readArguments, usage } from './command-arguments.ts';
import { createOutput } from './output.ts';

const stop = listenForStop();
await runCommand(stop, async () => {
  const args = readArguments(process.argv.slice(2));
  if (args.isHelp) return print(usage);
  if (args.dataFolder !== undefined) return run(args, args.dataFolder);
  const folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-cluster-'));
  try {
    await run(args, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

async function run(args: ClusterArguments, dataFolder: string): Promise<void> {
  const progress = createProgress();
  const hasColours = process.stdout.isTTY === true && process.env.NO_COLOR === undefined;
  const cluster = await startCluster({
    dataFolder,
    port: args.port,
    replicas: args.replicas,
    servers: args.servers,
    logLevel: args.logLevel,
    env: (service) => (service === 'ai' ? packEnv(process.env) : {}),
    stop,
    onOutput: createOutput(print, hasColours),
    onProgress: progress.step,
  });
  print(`Kilas runs at ${cluster.url} – API reference ${cluster.url}/docs – ready after ${progress.seconds()} s
Mail outbox ${cluster.url}/dev/mail – sandbox payments ${cluster.url}/sandbox/payments
Consul ${cluster.consul.url} – Redis ${withoutPassword(cluster.redis.url)} – S3 ${cluster.s3.url}
Data in ${dataFolder} – Ctrl-C stops everything
Processes: ${processesOf(cluster)}
Try: kill -9 one of them; another takes its place, and nobody who asks twice notices.
`);
  const broken = await Promise.race([untilStopped(stop), cluster.broken]);
  await cluster.stop();
  if (broken !== undefined) {
    throw new UserError(`${broken} ended by itself, so the cluster stopped. Nothing is lost: start it again.`);
  }
}

/** "user 4711 4712 · photo …" */
function processesOf(cluster: Cluster): string {
  const pidsOf = (service: ServiceName) => cluster.replicas(service).map(({ pid }) => pid);
  return serviceNames.map((service) => [service, ...pidsOf(service)].join(' ')).join(' · ');
}

function withoutPassword(text: string): string {
  const url = new URL(text);
  url.username = '';
  url.password = '';
  return url.href;
}

function print(text: string): void {
  process.stdout.write(text);
}
