// Ends what a run started when the run is gone without having ended it: killed, or out of memory.
import { lockFolder } from '@kilas/embedded/folder-lock.ts';
import { identify, isAlive, type ProcessIdentity, waitForEnd } from '@kilas/embedded/process-identity.ts';
import { stopOrphanPostgres } from '@kilas/embedded/stop-orphan-postgres.ts';
import type { GuardMessage } from './guard.ts';

const endMaxMs = 8_000;

const watched = new Map<number, ProcessIdentity>();
const postgresFolders = new Set<string>();

// A signal sent to all processes must not end the guard before those it watches.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
process.on('SIGHUP', () => {});
process.on('message', (message: GuardMessage) => {
  if ('postgresFolder' in message) return void postgresFolders.add(message.postgresFolder);
  const identity = identify(message.pid);
  if (message.isWatched && identity !== undefined) watched.set(message.pid, identity);
  else watched.delete(message.pid);
});
process.once('disconnect', async () => {
  await Promise.all([...watched.values()].map(end));
  for (const folder of postgresFolders) await endPostgres(folder);
  process.exit();
});

async function end(identity: ProcessIdentity): Promise<void> {
  signal(identity, 'SIGTERM');
  // One that a drill has frozen hears nothing else.
  signal(identity, 'SIGCONT');
  if (!(await waitForEnd(identity, endMaxMs))) signal(identity, 'SIGKILL');
}

function signal(identity: ProcessIdentity, name: NodeJS.Signals): void {
  if (!isAlive(identity)) return;
  try {
    process.kill(identity.pid, name);
  } catch {
    // It ended between the question and the signal.
  }
}

async function endPostgres(folder: string): Promise<void> {
  try {
    const lock = await lockFolder(folder);
    await stopOrphanPostgres(folder, () => {});
    await lock.release();
  } catch {
    // The next run has the folder already, and ended the server itself.
  }
}
