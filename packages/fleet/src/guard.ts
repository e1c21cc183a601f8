import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export type GuardMessage = { readonly pid: number; readonly isWatched: boolean } | { readonly postgresFolder: string };

/** A process that outlives this one for as long as it takes to end what this one left running. */
export interface Guard {
  /** Ends this process too when we are gone; the function returned forgets it, to be called when it has ended. */
  watch(pid: number): () => void;
  /** Stops the PostgreSQL server on this data folder too when we are gone. */
  watchPostgres(folder: string): void;
  /** Resolves when the guard is gone. */
  stop(): Promise<void>;
}

export function startGuard(): Guard {
  const child = fork(fileURLToPath(new URL('./guard-process.ts', import.meta.url)), [], {
    // Of a process group of its own, so that Ctrl-C in a terminal does not reach it.
    detached: true,
    execArgv: [],
    env: { PATH: process.env.PATH },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const send = (message: GuardMessage) => {
    if (child.connected) child.send(message);
  };
  return {
    watch: (pid) => {
      send({ pid, isWatched: true });
      return () => send({ pid, isWatched: false });
    },
    watchPostgres: (folder) => send({ postgresFolder: folder }),
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    },
  };
}
