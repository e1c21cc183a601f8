import type { PartState } from '../process/readiness.ts';
import type { RateLimit } from './rate-limit.ts';

export interface RateLimitOptions {
  readonly attempts: number;
  readonly windowSeconds: number;
}

/** Values that may be gone at any moment, also after `set`, and are never older than their time to live; a deletion may be lost. */
export interface Cache {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string): Promise<void>;
  delete(key: string): Promise<void>;
}

export interface CacheOptions {
  readonly seconds: number;
  /** Of a process that counts for itself; those used last stay. */
  readonly entriesMax?: number;
}

/**
 * What the replicas of all services know together: attempts counted, messages to whoever listens now, values kept for
 * seconds. Nothing in it is the only copy of anything.
 */
export interface SharedState {
  /** `name` is that of the limit, the same in every replica. */
  rateLimit(name: string, options: RateLimitOptions): RateLimit;
  cache(name: string, options: CacheOptions): Cache;
  /**
   * Tells every replica that listens now, this one surely, another one perhaps: a message may be lost, or forged by whoever
   * reaches Redis, and is never more than a hint to look. Never throws.
   */
  publish(topic: string, message: string): Promise<void>;
  /** Topics are named in code. The function returned ends it. */
  subscribe(topic: string, listener: (message: string) => void): () => void;
  /** `degraded` while what is shared is away and this process counts for itself. */
  state(): PartState;
  close(): Promise<void>;
}
