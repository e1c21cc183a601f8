import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const pollMs = 20;

/** A process id together with the moment its process began: a number alone is given again, most of all in containers. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startedAt: string;
}

/** The live process with this id; undefined when there is none, or only a zombie that nobody has collected. */
export function identify(pid: number): ProcessIdentity | undefined {
  const startedAt = process.platform === 'linux' ? startFromProc(pid) : startFromPs(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

export function isAlive(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.startedAt === identity.startedAt;
}

/** The command line of a process, its arguments joined by spaces; empty when it cannot be read. */
export function commandLineOf(pid: number): string {
  if (process.platform === 'linux') return (readProc(`${pid}/cmdline`) ?? '').replaceAll('\0', ' ');
  return askPs(pid, 'command');
}

/** Resolves to whether the process ended in time. */
export async function waitForEnd(identity: ProcessIdentity, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (isAlive(identity)) {
    if (Date.now() >= deadline) return false;
    await delay(pollMs);
  }
  return true;
}

function startFromProc(pid: number): string | undefined {
  const stat = readProc(`${pid}/stat`);
  if (stat === undefined) return undefined;
  // proc(5): the name in parentheses may hold spaces, so count behind it: state is field 3, starttime field 22.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
  return `${readProc('sys/kernel/random/boot_id')?.trim()} ${fields[19]}`;
}

function startFromPs(pid: number): string | undefined {
  const [state = '', ...start] = askPs(pid, 'stat', 'lstart').split(/\s+/);
  return state === '' || state.startsWith('Z') ? undefined : start.join(' ');
}

function readProc(path: string): string | undefined {
  try {
    return readFileSync(`/proc/${path}`, 'utf8');
  } catch {
    return undefined;
  }
}

function askPs(pid: number, ...columns: string[]): string {
  // One -o each: the ps of macOS takes all that follows an equals sign for the title of a column.
  const options = columns.flatMap((column) => ['-o', `${column}=`]);
  const ps = spawnSync('ps', ['-ww', ...options, '-p', String(pid)], { encoding: 'utf8' });
  return ps.stdout?.trim() ?? '';
}
