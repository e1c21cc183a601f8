import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { isErrno } from '../problems/is-errno.ts';

/** A ninth of what others get, where all want more than there is. */
export const lowNiceness = 10;
/** Linux lets those who are not root change a session's niceness once in a tenth of a second, all of them together. */
const sessionAttemptsMax = 30;
const sessionRetryMs = 100;

/**
 * Lets other processes of the machine go before this one, because its work is long. It lowers all threads, present and future. It never raises
 * the priority with which the process was started, and changes nothing on a system without such priorities.
 */
export async function lowerPriority(): Promise<void> {
  if (os.getPriority() < lowNiceness) {
    // On Linux each thread has its own, and hands it on to those that it starts.
    for (const thread of threads()) os.setPriority(thread, lowNiceness);
  }
  if (process.platform === 'linux' && leadsSession() && (await lowerSession())) await markIdle();
}

function threads(): number[] {
  return process.platform === 'linux' ? readdirSync('/proc/self/task').map(Number) : [process.pid];
}

/**
 * Linux first divides its cores among sessions; niceness counts only inside a session (sched(7), "The autogroup feature").
 * Lowering a session also lowers the other processes in it, so only the leader of a session does it.
 */
async function lowerSession(): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    try {
      writeFileSync('/proc/self/autogroup', String(lowNiceness));
      return true;
    } catch (error) {
      const isTooSoon = isErrno(error, 'EAGAIN');
      // Built without it, or closed to us, as in a container: there the container's weight counts.
      if (!isTooSoon || attempt === sessionAttemptsMax) return false;
      await delay(sessionRetryMs * (0.5 + Math.random()));
    }
  }
}

function leadsSession(): boolean {
  // The name before it may hold anything; then come state, parent, group and session.
  const [, , , session] = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return Number(session) === process.pid;
}

/**
 * Niceness decides how much time a process gets. SCHED_IDLE decides who waits: a core that runs only such work counts as free for a process that
 * wakes. SCHED_IDLE alone would starve us beside a busy process, but our session keeps its share. Node.js cannot set it; chrt (util-linux) can. A
 * machine without chrt does without it.
 */
async function markIdle(): Promise<void> {
  const all = ['--all-tasks', '--idle', '--pid', '0', String(process.pid)];
  await promisify(execFile)('chrt', all).catch(() => {});
}
