import { EventEmitter } from 'node:events';
import { LRUCache } from 'lru-cache';
import { memoryRateLimit, type RateLimit } from './rate-limit.ts';
import type { Cache, SharedState } from './shared-state.ts';

const entriesDefaultMax = 10_000;

/** Shared by the services of this process alone. */
export function openMemorySharedState(): SharedState {
  const topics = new EventEmitter();
  topics.setMaxListeners(0);
  const limits = new Map<string, RateLimit>();
  const caches = new Map<string, Cache>();
  return {
    rateLimit: (name, options) => onceOf(limits, name, () => memoryRateLimit(options)),
    cache: (name, { seconds, entriesMax }) => onceOf(caches, name, () => memoryCache(seconds, entriesMax)),
    publish: async (topic, message) => {
      // In a turn of its own: what a listener throws must not break the publisher.
      queueMicrotask(() => topics.emit(topic, message));
    },
    subscribe: (topic, listener) => {
      topics.on(topic, listener);
      return () => topics.off(topic, listener);
    },
    state: () => 'ready',
    close: async () => {
      topics.removeAllListeners();
    },
  };
}

function onceOf<Kept>(known: Map<string, Kept>, name: string, make: () => Kept): Kept {
  const kept = known.get(name) ?? make();
  known.set(name, kept);
  return kept;
}

export function memoryCache(seconds: number, entriesMax = entriesDefaultMax): Cache {
  const values = new LRUCache<string, string>({ max: entriesMax, ttl: seconds * 1000 });
  return {
    get: async (key) => values.get(key),
    set: async (key, value) => {
      values.set(key, value);
    },
    delete: async (key) => {
      values.delete(key);
    },
  };
}
