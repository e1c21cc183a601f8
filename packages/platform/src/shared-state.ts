import type { RateLimit } from './rate-limit.ts';
import type { PartState } from './readiness.ts';

export interface RateLimitOptions {
  readonly attempts: number;
  readonly windowSeconds: number;
}

/** Values that may be gone at any moment and are never older than their time to live. */
export interface Cache {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string): Promise<void>;
  delete(key: string): Promise<void>;
}

/**
 * What the replicas of all services know together: attempts counted, messages to whoever listens now, values kept for
 * seconds. Nothing in it is the only copy of anything.
 */
export interface SharedState {
  /** `name` is that of the limit, the same in every replica. */
  rateLimit(name: string, options: RateLimitOptions): RateLimit;
  cache(name: string, options: { readonly seconds: number }): Cache;
  /** Tells every replica that listens now; a message may be lost. Never throws. */
  publish(topic: string, message: string): Promise<void>;
  /** The function returned ends it. */
  subscribe(topic: string, listener: (message: string) => void): () => void;
  /** `degraded` while what is shared is away and this process counts for itself. */
  state(): PartState;
  close(): Promise<void>;
}
