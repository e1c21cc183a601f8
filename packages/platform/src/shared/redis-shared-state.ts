import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';
import { hashOf } from '../process/ids.ts';
import type { Log } from '../process/log.ts';
import { limitWith, type RateLimit } from './rate-limit.ts';
import { RedisLink } from './redis-link.ts';
import { RedisTopics } from './redis-topics.ts';
import type { Cache, RateLimitOptions, SharedState } from './shared-state.ts';

/**
 * Shared by all processes at one Redis (`redis://user:password@host:port/database`, `rediss://` with TLS). Connects in the
 * background and never throws for its being away: limits are then counted in this process, caches are empty, messages stay
 * in this process. Of keys Redis sees only hashes.
 */
export function openRedisSharedState(options: { readonly url: string; readonly log: Log }): SharedState {
  const { url, log } = options;
  const link = new RedisLink(url, (isUp, reason) => {
    if (isUp) log.info('Redis is there: limits and caches are shared');
    else log.warn({ reason }, 'Redis is away: this process counts for itself');
  });
  const topics = new RedisTopics(url, link);
  return {
    rateLimit: (name, limit) => redisRateLimit(link, name, limit),
    cache: (name, { seconds }) => redisCache(link, name, seconds),
    publish: (topic, message) => topics.publish(topic, message),
    subscribe: (topic, listener) => topics.subscribe(topic, listener),
    state: () => (link.isUp && topics.isUp ? 'ready' : 'degraded'),
    close: async () => {
      topics.close();
      link.close();
    },
  };
}

function redisRateLimit(link: RedisLink, name: string, { attempts, windowSeconds }: RateLimitOptions): RateLimit {
  const limit = { points: attempts, duration: windowSeconds };
  const limiter = new RateLimiterRedis({
    ...limit,
    keyPrefix: `kilas:limit:${name}`,
    // All that the limiter calls of a client.
    storeClient: {
      eval: (script: string, input: { keys: string[]; arguments: string[] }) =>
        link.ask((client) => client.eval(script, input)),
      del: (key: string) => link.ask((client) => client.del(key)),
    },
    useRedisPackage: true,
    insuranceLimiter: new RateLimiterMemory(limit),
  });
  return limitWith(limiter, hashOf);
}

function redisCache(link: RedisLink, name: string, seconds: number): Cache {
  const keyOf = (key: string) => `kilas:cache:${name}:${hashOf(key)}`;
  const expiration = { type: 'PX', value: Math.round(seconds * 1000) } as const;
  const lost = () => undefined;
  return {
    get: (key) => link.ask((client) => client.get(keyOf(key))).then((value) => value ?? undefined, lost),
    set: (key, value) => link.ask((client) => client.set(keyOf(key), value, { expiration })).then(lost, lost),
    delete: (key) => link.ask((client) => client.del(keyOf(key))).then(lost, lost),
  };
}
