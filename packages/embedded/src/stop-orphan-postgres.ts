import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isErrno } from '@kilas/platform/problems/is-errno.ts';
import { commandLineOf, identify, waitForEnd } from './process-identity.ts';

const fastShutdownTimeoutMs = 30_000;
const immediateShutdownTimeoutMs = 10_000;

/**
 * Stops the server that a killed parent left running on this data folder, and clears the way where its pid file outlived
 * it. The caller holds the folder's lock, so no living parent needs that server.
 */
export async function stopOrphanPostgres(dataDir: string, log: (line: string) => void): Promise<void> {
  const pidFile = join(dataDir, 'postmaster.pid');
  const pid = await readPid(pidFile);
  if (pid === undefined) return;

  const server = identify(pid);
  if (server === undefined || !isServerOf(pid, dataDir)) {
    // PostgreSQL would take another process with this number, or a zombie, for a living server and refuse. It still
    // refuses by the folder's shared memory while any server process is left on it.
    await rm(pidFile, { force: true });
    return;
  }
  log(`stopping the PostgreSQL server ${pid}, left on ${dataDir} by a process that was killed`);
  process.kill(pid, 'SIGINT');
  if (await waitForEnd(server, fastShutdownTimeoutMs)) return;
  process.kill(pid, 'SIGQUIT');
  if (await waitForEnd(server, immediateShutdownTimeoutMs)) return;
  throw new Error(`the PostgreSQL server ${pid} on ${dataDir} does not stop`);
}

function isServerOf(pid: number, dataDir: string): boolean {
  return commandLineOf(pid).includes(`postgres -D ${dataDir} `);
}

async function readPid(file: string): Promise<number | undefined> {
  try {
    const pid = Number((await readFile(file, 'utf8')).split('\n')[0]);
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}
