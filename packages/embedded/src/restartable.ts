interface Server {
  /** Resolves when it is gone, stopped or not. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** A server and its successors: `ended` leaves out an end that `restart` made. */
export function restartable(first: Server, runAgain: () => Promise<Server>) {
  let current = first;
  let isRestarting = false;
  const gone = Promise.withResolvers<void>();
  const watch = (server: Server) =>
    void server.ended.then(() => {
      if (!isRestarting) gone.resolve();
    });
  watch(first);
  const restart = async () => {
    isRestarting = true;
    try {
      await current.stop();
      current = await runAgain();
      isRestarting = false;
      watch(current);
    } catch (error) {
      gone.resolve();
      throw error;
    }
  };
  return { ended: gone.promise, restart, stop: () => current.stop() };
}
