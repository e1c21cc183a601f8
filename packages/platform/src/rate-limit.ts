import { isIPv6 } from 'node:net';
import { LRUCache } from 'lru-cache';
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

export interface RememberedKeys {
  has(key: string): boolean;
  add(key: string): void;
}

/** The keys added last, in this process, each for so long. */
export function rememberKeys(options: { countMax: number; seconds: number }): RememberedKeys {
  const keys = new LRUCache<string, true>({ max: options.countMax, ttl: options.seconds * 1000 });
  return {
    has: (key) => keys.has(key),
    add: (key) => {
      keys.set(key, true);
    },
  };
}

/**
 * What one client has of addresses: an IPv4 address as it is, of IPv6 the first 64 bits, since a client is given all the
 * 2^64 behind them and would count as another one with each.
 */
export function networkOf(address: string): string {
  const plain = address.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.)/i, '');
  if (!isIPv6(plain)) return plain;
  // The one spelling of an address, in which "::" stands for groups of zeros.
  const [left = '', right] = new URL(`http://[${plain}]`).hostname.slice(1, -1).split('::');
  const head = left === '' ? [] : left.split(':');
  const tail = right === undefined || right === '' ? [] : right.split(':');
  const zeros = right === undefined ? [] : Array.from({ length: 8 - head.length - tail.length }, () => '0');
  return `${[...head, ...zeros, ...tail].slice(0, 4).join(':')}::/64`;
}
