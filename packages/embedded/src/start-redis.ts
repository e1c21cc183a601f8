import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { isErrno } from '@kilas/platform/problems/is-errno.ts';
import { findFreePort } from './free-port.ts';

const PROGRAM = 'redis-server';
const pollMs = 20;
const startMaxMs = 15_000;
const chunksMax = 200;

/** The machine's Redis as a child process, with nothing kept on disk. */
export interface RedisServer {
  readonly url: string;
  /** Of the process that serves now; another one after a restart, the last one when it was stopped. */
  readonly pid: number;
  /** Ends it where it runs and starts it again, empty, at the same address. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** What `redis-server --version` says, e.g. "7.0.15"; undefined where no such program is installed. */
export async function redisVersion(): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(PROGRAM, ['--version']);
    return /\bv=([\d.]+)/.exec(stdout)?.[1] ?? stdout.trim();
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/**
 * Runs the machine's `redis-server` on the loopback interface, at a free port unless one is given, until `stop` or the end
 * of this process, however that ends. Throws, saying what to do, where it is not installed.
 */
export async function startRedis(options: { port?: number; password?: string } = {}): Promise<RedisServer> {
  if ((await redisVersion()) === undefined) {
    const remedy = 'install it (Debian, Ubuntu: apt install redis-server; macOS: brew install redis)';
    throw new Error(`${PROGRAM} is not installed on this machine: ${remedy}`);
  }
  const port = options.port ?? (await findFreePort());
  let running = await launch(port, options.password);
  return {
    url: `redis://${options.password === undefined ? '' : `:${encodeURIComponent(options.password)}@`}127.0.0.1:${port}`,
    get pid() {
      return running.pid;
    },
    restart: async () => {
      await running.stop();
      running = await launch(port, options.password);
    },
    stop: () => running.stop(),
  };
}

interface Running {
  readonly pid: number;
  stop(): Promise<void>;
}

/** Redis ends when pipe 3 does, which the end of this process closes; nothing of it needs to be saved. */
const guarded = `
exec 5<&0
${PROGRAM} - <&5 3<&- 4>&- 5<&- & redis=$!
echo $redis >&4; exec 4>&- 5<&-
(cat <&3 >/dev/null; kill -KILL $redis) & guard=$!
wait $redis
kill $guard 2>/dev/null`;

async function launch(port: number, password: string | undefined): Promise<Running> {
  // In a process group of its own: what is typed at the terminal is for this process, which ends Redis after all others.
  const child = spawn('sh', ['-c', guarded], {
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
    stdio: ['pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
    detached: true,
  });
  const [input, stdout, stderr, life, report] = child.stdio;
  const output = collect(stdout, stderr);
  const ended = once(child, 'exit');
  const stop = async () => {
    life?.destroy();
    await ended;
  };
  // On the command line every account of the machine could read the password.
  input.end(configuration(port, password));
  const pid = Number(await text(report as Readable));
  const deadline = Date.now() + startMaxMs;
  while (!output().includes('Ready to accept connections')) {
    if (child.exitCode !== null || child.signalCode !== null || Date.now() >= deadline) {
      await stop();
      throw new Error(`${PROGRAM} did not start on port ${port}:\n${output().trim()}`);
    }
    await delay(pollMs);
  }
  return { pid, stop };
}

/** What a start says; a server that runs for weeks goes on writing. */
function collect(...streams: readonly Readable[]): () => string {
  const chunks: string[] = [];
  for (const stream of streams) stream.on('data', (chunk) => chunks.length < chunksMax && chunks.push(String(chunk)));
  return () => chunks.join('');
}

function configuration(port: number, password: string | undefined): string {
  const lines = [`port ${port}`, 'bind 127.0.0.1', 'save ""', 'appendonly no', 'daemonize no', `dir "${tmpdir()}"`];
  if (password !== undefined) lines.push(`requirepass ${JSON.stringify(password)}`);
  return `${lines.join('\n')}\n`;
}
