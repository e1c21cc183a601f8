import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';

/** A worker that said READY, with what it said besides. */
export interface Worker {
  readonly said: string;
  say(line: string): void;
  /** Resolves when it has put down what it was doing. */
  end(): Promise<void>;
}

export async function startWorker(...argv: readonly string[]): Promise<Worker> {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'worker.ts'), ...argv], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  for await (const line of createInterface(child.stdout)) {
    const [, said] = /^READY ?(\S*)$/.exec(line) ?? [];
    if (said === undefined) continue;
    child.stdout.resume();
    return { said, say: (text) => child.stdin.write(`${text}\n`), end: () => endOf(child) };
  }
  throw new Error(`the ${argv[0]} ended before it was ready`);
}

async function endOf(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exited = once(child, 'exit');
  child.stdin?.end();
  await exited;
}
