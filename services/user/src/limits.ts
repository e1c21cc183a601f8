import { refuse } from '@kilas/messages/refuse.ts';
import { memoryRateLimit, type RateLimit, rememberKeys } from '@kilas/platform/rate-limit.ts';

/**
 * How often something may be tried. Limits by address are wide: at an event hundreds of visitors share one address.
 * Those by login and address come first, so that one address cannot use up what an account has. Where somebody signed in
 * with the right password lately, only these count: strangers with many addresses do not lock the owner out there.
 */
export function openLimits() {
  return {
    registrationsByAddress: memoryRateLimit({ attempts: 200, windowSeconds: 3600 }),
    mailsByEmailAndAddress: memoryRateLimit({ attempts: 5, windowSeconds: 3600 }),
    mailsByEmail: memoryRateLimit({ attempts: 15, windowSeconds: 3600 }),
    signInsByAddress: memoryRateLimit({ attempts: 300, windowSeconds: 900 }),
    signInsByLoginAndAddress: memoryRateLimit({ attempts: 10, windowSeconds: 900 }),
    signInsByLogin: memoryRateLimit({ attempts: 30, windowSeconds: 900 }),
    /** Pairs of login and address, hashed. */
    familiarSignIns: rememberKeys({ countMax: 100_000, seconds: 30 * 24 * 3600 }),
  };
}

export type Limits = ReturnType<typeof openLimits>;

/** Refuses with TOO_MANY_REQUESTS when no attempt is left. */
export async function takeAttempt(limit: RateLimit, key: string): Promise<void> {
  const retryAfterSeconds = await limit.take(key);
  if (retryAfterSeconds > 0) refuse('TOO_MANY_REQUESTS', { retryAfterSeconds: String(retryAfterSeconds) });
}
