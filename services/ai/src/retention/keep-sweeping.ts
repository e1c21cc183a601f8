import { keepRepeating } from '../keep-repeating.ts';
import { type RetentionContext, sweepRetention } from './sweep-retention.ts';

/** How often each replica looks for what is due, in milliseconds. */
const sweepEveryMs = 5 * 60_000;

/** Sweeps now and every few minutes. */
export function keepSweeping(ctx: RetentionContext): { stop(): Promise<void> } {
  return keepRepeating(() => sweepRetention(ctx), {
    everyMs: sweepEveryMs,
    onError: (error) => ctx.log.error({ err: error }, 'faces whose time has come could not be erased'),
  });
}
