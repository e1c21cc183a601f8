import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UserError } from '@kilas/cli/user-error.ts';
import type { Account } from './server-account.ts';

/** Starts a program under the server's account, with nothing of our environment: it holds the services' secrets. */
export type Launch = (program: string, args: readonly string[], options: SpawnOptions) => ChildProcess;

// capabilities(7): the first lets a process pass and read anywhere, the second also write.
const passingCapabilities = [
  { name: 'dac_read_search', bit: 2n },
  { name: 'dac_override', bit: 1n },
];

/**
 * A launcher that can reach all these paths. Where a folder above them is closed to the account, as /root is on most
 * systems, the program keeps one capability of root that lets it pass; throws, saying what to do, where that is impossible.
 */
export async function prepareLaunch(
  account: Account | undefined,
  paths: readonly string[],
  log: (line: string) => void,
): Promise<Launch> {
  const env = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' };
  if (account === undefined) return (program, args, options) => spawn(program, args, { ...options, env });

  const { uid, gid } = account;
  const closed = await findClosedFolder(account, paths);
  if (closed === undefined) return (program, args, options) => spawn(program, args, { ...options, env, uid, gid });

  const capability = findPassingCapability();
  const remedy = `move Kilas and its data to a folder like /srv, start as an ordinary user, or chmod o+x ${closed}`;
  if (capability === undefined) throw new UserError(`${closed} is closed to the account ${account.name}: ${remedy}`);
  log(
    `${closed} is closed to the account ${account.name}, so PostgreSQL keeps ${capability} of root; better: ${remedy}`,
  );
  // With that securebit access(2), by which initdb looks for postgres, counts capabilities as every other call does.
  const setpriv = [
    '--securebits',
    '+no_setuid_fixup',
    '--reuid',
    `${uid}`,
    '--regid',
    `${gid}`,
    '--clear-groups',
    '--no-new-privs',
  ];
  setpriv.push('--inh-caps', `+${capability}`, '--ambient-caps', `+${capability}`, '--');
  return (program, args, options) => spawn('setpriv', [...setpriv, program, ...args], { ...options, env });
}

async function findClosedFolder(account: Account, paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    for (const folder of foldersAbove(await realpath(path))) {
      const { uid, gid, mode } = await stat(folder);
      const mayPass = uid === account.uid ? mode & 0o100 : gid === account.gid ? mode & 0o010 : mode & 0o001;
      if (mayPass === 0) return folder;
    }
  }
  return undefined;
}

function foldersAbove(path: string): string[] {
  const parent = dirname(path);
  return parent === path ? [path] : [...foldersAbove(parent), parent];
}

/** The smallest capability that this process holds and setpriv (util-linux, in every Debian) can hand on. */
function findPassingCapability(): string | undefined {
  if (process.platform !== 'linux' || spawnSync('setpriv', ['--version']).status !== 0) return undefined;
  const held = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  return passingCapabilities.find(({ bit }) => (BigInt(`0x${held}`) >> bit) & 1n)?.name;
}
