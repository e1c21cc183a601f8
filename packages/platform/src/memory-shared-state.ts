import { EventEmitter } from 'node:events';
import { LRUCache } from 'lru-cache';
import { memoryRateLimit } from './rate-limit.ts';
import type { Cache, SharedState } from './shared-state.ts';

const cachedMax = 10_000;

/** Shared by the services of this process alone. */
export function openMemorySharedState(): SharedState {
  const topics = new EventEmitter();
  topics.setMaxListeners(0);
  return {
    rateLimit: (_name, options) => memoryRateLimit(options),
    cache: (_name, { seconds }) => memoryCache(seconds),
    publish: async (topic, message) => {
      topics.emit(topic, message);
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

export function memoryCache(seconds: number): Cache {
  const values = new LRUCache<string, string>({ max: cachedMax, ttl: seconds * 1000 });
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
