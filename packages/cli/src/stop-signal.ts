import { once } from 'node:events';

/** npm passes on the Ctrl-C that the terminal has sent to the whole group. */
const echoMs = 500;

/**
 * Aborts at the first Ctrl-C, SIGTERM or closing of the terminal, at whatever point a command then is; a second Ctrl-C
 * ends the process at once.
 */
export function listenForStop(): AbortSignal {
  const stop = new AbortController();
  let askedAt = 0;
  const ask = (signal: NodeJS.Signals) => {
    if (!stop.signal.aborted) {
      askedAt = performance.now();
      console.log('Stopping…');
      stop.abort();
    } else if (signal !== 'SIGHUP' && performance.now() - askedAt > echoMs) {
      process.exit(130);
    }
  };
  // A terminal that was closed takes no more lines, which must not end what is left to do; and it may say so twice.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, ask);
  return stop.signal;
}

export async function untilStopped(stop: AbortSignal): Promise<undefined> {
  if (!stop.aborted) await once(stop, 'abort');
  return undefined;
}
