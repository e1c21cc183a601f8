import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { UserError } from '@kilas/cli/user-error.ts';
import { mainOf } from '@kilas/installation/service-files.ts';
import type { ServiceName } from '@kilas/installation/service-names.ts';
import type { Env } from '@kilas/platform/process/env.ts';
import type { Guard } from './guard.ts';

const readyPollMs = 100;
const readyMaxMs = 180_000;
/** A process that was asked to end has so long before it is killed: it answers what it began and puts its jobs down. */
const stopMaxMs = 30_000;

export interface ReplicaLaunch {
  readonly id: string;
  readonly service: ServiceName;
  /** The path of what Node.js runs, which serves `/readyz`: the service itself where nothing else is named. */
  readonly program?: string;
  readonly env: Env;
  /** What Consul knows it by. */
  readonly replicaId: string;
  /** Where it serves REST. */
  readonly httpUrl: string;
  /** Arguments of Node.js before the program, `['--import', …]`. */
  readonly nodeArgs?: readonly string[];
  /** A command that starts the process, `['taskset', '-c', '0']`. */
  readonly wrap?: readonly string[];
}

/** How a process ended: its exit code, the signal that ended it, or why it could not be started, "ENOENT". */
export type Ending = number | string;

/** One process of a service. */
export interface Replica {
  /** `upload-2`: the service and the number of its place; whoever replaces it has the same. */
  readonly id: string;
  readonly service: ServiceName;
  readonly pid: number;
  readonly httpUrl: string;
  /** Sends the process a signal and waits for nothing. */
  signal(signal: NodeJS.Signals): void;
  /** Asks it to end (SIGTERM); resolves when it is gone. It is not started again. */
  stop(): Promise<void>;
  /** Resolves when the process is gone, however it ended. */
  readonly ended: Promise<void>;
}

export interface ReplicaProcess extends Replica {
  readonly replicaId: string;
  /** Resolves with how it ended, whoever ended it. */
  readonly ending: Promise<Ending>;
  /** True once `stop` was called. */
  readonly isStopped: boolean;
  /** Resolves when it says it is ready; throws when it ended before, or took too long. */
  untilReady(): Promise<void>;
}

/** Starts the process of one service; `onLine` receives what it writes. */
export function spawnReplica(launch: ReplicaLaunch, guard: Guard, onLine: (line: string) => void): ReplicaProcess {
  const { id, service, replicaId, httpUrl, program = mainOf(service), nodeArgs = [], wrap = [] } = launch;
  const [command = process.execPath, ...args] = [...wrap, process.execPath, ...nodeArgs, program];
  // Of a process group of its own: Ctrl-C in a terminal reaches all of the run's, and the order of the end is ours.
  const child = spawn(command, args, { env: launch.env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  for (const stream of [child.stdout, child.stderr]) readLines(stream, onLine);
  const ending = endingOf(child);
  if (child.pid !== undefined) void ending.then(guard.watch(child.pid));
  let isStopped = false;
  return {
    id,
    service,
    replicaId,
    httpUrl,
    ending,
    ended: ending.then(() => {}),
    get pid() {
      return child.pid ?? 0;
    },
    get isStopped() {
      return isStopped;
    },
    signal: (signal) => void child.kill(signal),
    stop: async () => {
      isStopped = true;
      await endProcess(child, ending);
    },
    untilReady: () => untilReady(id, ending, httpUrl),
  };
}

function readLines(stream: Readable, onLine: (line: string) => void): void {
  createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', onLine);
}

async function endingOf(child: ChildProcess): Promise<Ending> {
  try {
    // Unlike 'exit' it comes after the last line.
    const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    return code ?? signal ?? 0;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return String(error.code);
    throw error;
  }
}

async function untilReady(id: string, ending: Promise<Ending>, url: string): Promise<void> {
  let ended: Ending | undefined;
  void ending.then((how) => {
    ended = how;
  });
  const deadline = performance.now() + readyMaxMs;
  while (performance.now() < deadline) {
    if (ended !== undefined) throw new UserError(`${id} ended with ${ended} before it was ready`);
    if (await isReady(url)) return;
    await delay(readyPollMs);
  }
  throw new UserError(`${id} was not ready after ${readyMaxMs / 1000} s`);
}

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

async function endProcess(child: ChildProcess, ending: Promise<Ending>): Promise<void> {
  child.kill('SIGTERM');
  // One that a drill has frozen hears nothing else.
  child.kill('SIGCONT');
  const impatient = setTimeout(() => child.kill('SIGKILL'), stopMaxMs);
  await ending;
  clearTimeout(impatient);
}
