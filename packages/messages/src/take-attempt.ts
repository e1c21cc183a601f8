import type { RateLimit } from '@kilas/platform/shared/rate-limit.ts';
import { refuse } from './refuse.ts';

/** Refuses with TOO_MANY_REQUESTS when no attempt is left; answers with which one of its window it was, from 1. */
export async function takeAttempt(limit: RateLimit, key: string): Promise<number> {
  const { waitSeconds, number } = await limit.takeCounted(key);
  if (waitSeconds > 0) refuse('TOO_MANY_REQUESTS', { retryAfterSeconds: String(waitSeconds) });
  return number;
}
