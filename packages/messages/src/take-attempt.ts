import type { RateLimit } from '@kilas/platform/rate-limit.ts';
import { refuse } from './refuse.ts';

/** Refuses with TOO_MANY_REQUESTS when no attempt is left. */
export async function takeAttempt(limit: RateLimit, key: string): Promise<void> {
  const retryAfterSeconds = await limit.take(key);
  if (retryAfterSeconds > 0) refuse('TOO_MANY_REQUESTS', { retryAfterSeconds: String(retryAfterSeconds) });
}
