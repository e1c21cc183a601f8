import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Launch } from './account-launch.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';

const fastShutdownTimeoutMs = 30_000;
const linesKeptMax = 20;

const SETTINGS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=200',
  'shared_buffers=128MB',
  // Parallel workers talk through /dev/shm, which containers keep at 64 MB; queries of services are short anyway.
  'max_parallel_workers_per_gather=0',
  'timezone=UTC',
  'log_timezone=UTC',
];
const unsafeSettings = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];

export class PortTakenError extends Error {}

export interface PostgresServer {
  readonly port: number;
  /** Resolves when the server is gone, stopped or not. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

interface RunOptions {
  readonly dataDir: string;
  readonly binaries: PostgresBinaries;
  readonly launch: Launch;
  readonly port: number;
  readonly log: (line: string) => void;
  readonly durable: boolean;
}

/** Runs the server in a process group of its own and resolves when it takes connections. */
export async function runPostgres(options: RunOptions): Promise<PostgresServer> {
  const { dataDir, binaries, launch, port } = options;
  const settings = [...SETTINGS, `port=${port}`, ...(options.durable ? [] : unsafeSettings)];
  // stop-orphan-postgres.ts knows a server by these first arguments.
  const args = ['-D', dataDir, ...settings.flatMap((setting) => ['-c', setting])];
  const child = launch(binaries.postgres, args, { cwd: '/', detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  // Nothing can be awaited in an exit handler: the server shuts down on its own behind us.
  const endWithUs = () => child.kill('SIGINT');
  process.once('exit', endWithUs);
  child.once('close', () => process.off('exit', endWithUs));

  await waitUntilReady(child, options);
  return { port, ended, stop: () => stopServer(child, ended) };
}

async function waitUntilReady(child: ChildProcess, { port, log }: RunOptions): Promise<void> {
  if (child.stderr === null) throw new Error('the standard error of PostgreSQL is not read');
  const lastLines: string[] = [];
  const lines = createInterface({ input: child.stderr });
  await new Promise<void>((resolve, reject) => {
    lines.on('line', (line) => {
      log(line);
      lastLines.push(line);
      if (lastLines.length > linesKeptMax) lastLines.shift();
      if (line.includes('database system is ready to accept connections')) resolve();
    });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      const said = lastLines.join('\n');
      if (said.includes('Address already in use')) reject(new PortTakenError(`port ${port} is taken`));
      reject(new Error(`PostgreSQL ended with ${code ?? signal}:\n${said}`));
      log(`PostgreSQL ended with ${code ?? signal}`);
    });
  });
}

/** A fast shutdown; if it takes too long an immediate one, after which the next start recovers from the log. */
async function stopServer(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return ended;
  child.kill('SIGINT');
  const impatient = setTimeout(() => child.kill('SIGQUIT'), fastShutdownTimeoutMs);
  await ended;
  clearTimeout(impatient);
}
