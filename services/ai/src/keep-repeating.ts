/**
 * Does a task now and again after each interval, never twice at once; what fails is told and tried at the next turn. `stop` waits for the one that
 * runs.
 */
export function keepRepeating(
  task: () => Promise<unknown>,
  options: { everyMs: number; onError: (error: unknown) => void },
): { stop(): Promise<void> } {
  let running: Promise<unknown> | undefined;
  const turn = () => {
    running ??= task()
      .catch(options.onError)
      .finally(() => {
        running = undefined;
      });
  };
  const timer = setInterval(turn, options.everyMs).unref();
  turn();
  return {
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}
