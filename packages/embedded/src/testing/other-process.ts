import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

export interface OtherProcess {
  readonly pid: number;
  /** The first line it wrote. */
  readonly said: string;
  /** Ends it the hard way and waits for that. */
  kill(): Promise<void>;
}

/** Runs a program in another process, which then holds what it started until it is killed; `here` is this package's src. */
export async function runInOtherProcess(program: string): Promise<OtherProcess> {
  const here = new URL('../', import.meta.url).href;
  const source = `const here = '${here}';\n${program}\nsetInterval(() => {}, 1_000_000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const kill = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  onTestFinished(kill);
  const firstLine = once(createInterface({ input: child.stdout }), 'line');
  const said = await Promise.race([firstLine.then(([line]) => String(line)), ended]);
  if (typeof said !== 'string' || child.pid === undefined) throw new Error('the other process ended before it spoke');
  return { pid: child.pid, said, kill };
}
