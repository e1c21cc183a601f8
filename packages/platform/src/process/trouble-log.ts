import type { Clock } from './clock.ts';
import type { Log } from './log.ts';

const quietMs = 10_000;

/** One line in ten seconds: when a database or a storage goes away, every request and every connection says so. */
export function logTrouble(log: Log, clock: Clock, message: string): (error: Error) => void {
  let quietUntilMs = 0;
  let leftOut = 0;
  return (error) => {
    const nowMs = clock.now().getTime();
    if (nowMs < quietUntilMs) {
      leftOut += 1;
      return;
    }
    log.warn({ err: error, leftOut }, message);
    quietUntilMs = nowMs + quietMs;
    leftOut = 0;
  };
}
