import { type ChildProcess, fork } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type FolderLock, lockFolder } from './folder-lock.ts';
import { type ProcessIdentity, waitForEnd } from './process-identity.ts';
import { toRealPath } from './real-path.ts';
import { restartable } from './restartable.ts';

const orphanEndTimeoutMs = 5_000;
const stopTimeoutMs = 30_000;
const linesKeptMax = 20;

export interface PgliteOptions {
  /** Created on the first start, with a lock beside it; without it the database lives in memory. */
  readonly dataDir?: string;
  /** Of 127.0.0.1, open without a password to every user of the machine; without it a Unix socket that only we may open. */
  readonly port?: number;
  /** Receives what the process writes, line by line. */
  readonly log?: (line: string) => void;
}

export interface EmbeddedPglite {
  /** postgres:// for clients of `pg`. Any number of them may connect; one session serves them in turn, see SharedPglite. */
  readonly url: string;
  /** Resolves when the process is gone for good, stopped or not. */
  readonly ended: Promise<void>;
  /** Ends all connections as stop does, and starts the process again at its url and on its data; for trials of an outage. */
  restart(): Promise<void>;
  /** Ends all connections, closes the database and waits until the process is gone. */
  stop(): Promise<void>;
}

/** What the process is told first; its only other message is to stop. */
export interface PgliteTask {
  readonly dataDir: string | undefined;
  readonly listen: { readonly path: string } | { readonly host: string; readonly port: number };
}

/**
 * Starts PGlite with pgvector in a process of its own, on a data folder that only we may use; a process left there by a
 * parent that was killed is ended first. It survives Ctrl-C in a terminal and ends by itself when this process is gone.
 */
export async function startPglite(options: PgliteOptions = {}): Promise<EmbeddedPglite> {
  const { port, log = () => {} } = options;
  const dataDir = options.dataDir === undefined ? undefined : await toRealPath(options.dataDir);
  const lock = dataDir === undefined ? undefined : await lockFolder(dataDir);
  const socketFolder = await mkdtemp(join(tmpdir(), 'kilas-pglite-'));
  const release = async () => {
    await rm(socketFolder, { recursive: true, force: true });
    await lock?.release();
  };
  try {
    if (lock?.previousServer !== undefined) await endOrphan(lock.previousServer, log);
    const listen = port === undefined ? { path: join(socketFolder, '.s.PGSQL.5432') } : { host: '127.0.0.1', port };
    const run = async () => {
      const { child, ended } = await runProcess({ dataDir, listen }, lock, log);
      return { ended, stop: () => endProcess(child, ended) };
    };
    const running = restartable(await run(), async () => {
      // The process has removed it, unless it was killed.
      await rm(socketFolder, { recursive: true, force: true });
      await mkdir(socketFolder, { mode: 0o700 });
      return run();
    });
    const address = port === undefined ? `localhost/postgres?host=${socketFolder}` : `127.0.0.1:${port}/postgres`;
    return {
      url: `postgres://postgres@${address}`,
      ended: running.ended,
      restart: running.restart,
      stop: async () => {
        await running.stop();
        await release();
      },
    };
  } catch (error) {
    await release();
    throw error;
  }
}

async function runProcess(
  task: PgliteTask,
  lock: FolderLock | undefined,
  log: (line: string) => void,
): Promise<{ child: ChildProcess; ended: Promise<void> }> {
  const child = fork(fileURLToPath(new URL('./pglite-process.ts', import.meta.url)), [], {
    detached: true,
    execArgv: [],
    env: { PATH: process.env.PATH },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const lastLines: string[] = [];
  if (child.stderr !== null) {
    createInterface({ input: child.stderr }).on('line', (line) => {
      log(line);
      lastLines.push(line);
      if (lastLines.length > linesKeptMax) lastLines.shift();
    });
  }
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('message', () => resolve());
    child.once('close', (code, signal) => {
      log(`PGlite ended with ${code ?? signal}`);
      reject(new Error(`PGlite ended with ${code ?? signal}:\n${lastLines.join('\n')}`));
    });
    // The task follows the record, so that no process is on the folder of which the next holder of the lock knows nothing.
    (async () => {
      if (child.pid !== undefined) await lock?.recordServer(child.pid);
      child.send(task);
    })().catch((error: unknown) => {
      child.kill('SIGKILL');
      reject(error);
    });
  });
  return { child, ended };
}

/** The process closes the database within a moment of losing its parent, unless it is held up in a long statement. */
async function endOrphan(orphan: ProcessIdentity, log: (line: string) => void): Promise<void> {
  if (await waitForEnd(orphan, orphanEndTimeoutMs)) return;
  log(`killing the PGlite process ${orphan.pid}, left by a process that was killed`);
  process.kill(orphan.pid, 'SIGKILL');
  if (!(await waitForEnd(orphan, orphanEndTimeoutMs))) throw new Error(`process ${orphan.pid} does not end`);
}

async function endProcess(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return ended;
  child.send('stop');
  // No acknowledged row is lost by killing it: the next start recovers from the log.
  const impatient = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
  await ended;
  clearTimeout(impatient);
}
