import { type RetentionContext, sweepRetention } from './sweep-retention.ts';

/** How often each replica looks for what is due, in milliseconds. */
const sweepEveryMs = 5 * 60_000;

/** Sweeps now and every few minutes, never twice at once; what fails is tried at the next turn. */
export function keepSweeping(ctx: RetentionContext): { stop(): Promise<void> } {
  let running: Promise<void> | undefined;
  const sweep = () => {
    running ??= sweepRetention(ctx)
      .catch((error: unknown) => ctx.log.error({ err: error }, 'faces whose time has come could not be erased'))
      .finally(() => {
        running = undefined;
      });
  };
  const timer = setInterval(sweep, sweepEveryMs).unref();
  sweep();
  return {
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}
