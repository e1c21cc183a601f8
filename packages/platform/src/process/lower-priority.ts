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
 * Lets other processes of the machine go before this one, whose work is long: all its threads, those that are there and those
 * to come. Never raises what the process was started with; where the system knows nothing of the kind it changes nothing.
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
 * Linux shares its cores out among sessions first, and niceness counts inside of one alone (sched(7), "The autogroup feature").
 * Processes that share our session would be lowered with us: hence its leader alone.
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
 * Niceness says how much time one gets, SCHED_IDLE who waits for whom: a core that works on nothing else counts as free for
 * those that wake. It alone would starve us beside a busy process; our session keeps its share. Node.js cannot ask for it,
 * chrt (util-linux) can; a machine without it goes without.
 */
async function markIdle(): Promise<void> {
  const all = ['--all-tasks', '--idle', '--pid', '0', String(process.pid)];
  await promisify(execFile)('chrt', all).catch(() => {});
}
