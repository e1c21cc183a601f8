interface Server {
  /** Resolves when it is gone, stopped or not. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** A server and its successors: `ended` leaves out an end that `restart` made, which first does what is to be done while it is away. */
export function restartable(first: Server, runAgain: () => Promise<Server>) {
  let current = first;
  let isRestarting = false;
  const gone = Promise.withResolvers<void>();
  const watch = (server: Server) =>
    void server.ended.then(() => {
      if (!isRestarting) gone.resolve();
    });
  watch(first);
  const restart = async (meanwhile: () => Promise<unknown> = async () => {}) => {
    isRestarting = true;
    let outcome: PromiseSettledResult<unknown>[];
    try {
      await current.stop();
      outcome = await Promise.allSettled([meanwhile()]);
      current = await runAgain();
      isRestarting = false;
      watch(current);
    } catch (error) {
      gone.resolve();
      throw error;
    }
    for (const one of outcome) if (one.status === 'rejected') throw one.reason;
  };
  return { ended: gone.promise, restart, stop: () => current.stop() };
}
