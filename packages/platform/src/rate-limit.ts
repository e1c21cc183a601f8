import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

export interface RateLimit {
  /** Takes one attempt; answers 0, or the seconds to wait when there are none left. */
  take(key: string): Promise<number>;
  /** Gives a key its attempts back. */
  reset(key: string): Promise<void>;
}

/** So many attempts per key in a window of time, counted in this process. */
export function memoryRateLimit(options: { attempts: number; windowSeconds: number }): RateLimit {
  const limiter = new RateLimiterMemory({ points: options.attempts, duration: options.windowSeconds });
  return {
    async take(key) {
      try {
        await limiter.consume(key);
        return 0;
      } catch (refused) {
        if (!(refused instanceof RateLimiterRes)) throw refused;
        return Math.ceil(refused.msBeforeNext / 1000);
      }
    },
    async reset(key) {
      await limiter.delete(key);
    },
  };
}
