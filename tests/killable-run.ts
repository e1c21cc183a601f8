import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { findFreePort } from '@kilas/embedded/free-port.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';

export interface KillableRun {
  readonly url: string;
  /** Resolves once it is ready. */
  start(): Promise<void>;
  end(signal: NodeJS.Signals): Promise<void>;
  /** Ends it and deletes its data. */
  remove(): Promise<void>;
}

/** The embedded run as a user starts it, in a process that can be killed and started again on the same data. */
export async function killableRun(): Promise<KillableRun> {
  const dataFolder = await mkdtemp(path.join(os.tmpdir(), 'kilas-crash-'));
  const port = await findFreePort();
  const url = `http://localhost:${port}`;
  const main = new URL('../apps/standalone/src/main.ts', import.meta.url).pathname;
  const log = process.env.TEST_LOG_LEVEL ?? 'silent';
  let child: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    const started = spawn(process.execPath, [main, '--port', String(port), '--data', dataFolder, '--log', log], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    child = started;
    await waitFor(
      async () => {
        if (started.exitCode !== null) throw new Error(`the run ended with code ${started.exitCode}`);
        return (await fetch(`${url}/readyz`).catch(() => undefined))?.ok;
      },
      { what: 'the run to be ready', timeoutMs: 90_000 },
    );
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child === undefined) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
    child = undefined;
  };
  const remove = async (): Promise<void> => {
    await end('SIGTERM');
    await rm(dataFolder, { recursive: true, force: true });
  };
  return { url, start, end, remove };
}
