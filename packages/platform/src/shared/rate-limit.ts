import { isIPv6 } from 'node:net';
import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

export interface RateLimit {
  /** Takes one attempt; answers 0, or the seconds to wait when there are none left. */
  take(key: string): Promise<number>;
  /** As `take`, and which attempt of the window it was, from 1. */
  takeCounted(key: string): Promise<{ readonly waitSeconds: number; readonly number: number }>;
  /** Gives a key its attempts back. */
  reset(key: string): Promise<void>;
}

/** So many attempts per key in a window of time, counted in this process. */
export function memoryRateLimit(options: { attempts: number; windowSeconds: number }): RateLimit {
  return limitWith(new RateLimiterMemory({ points: options.attempts, duration: options.windowSeconds }), (key) => key);
}

/** `nameOf` makes of a key what it is called where attempts are counted. */
export function limitWith(limiter: RateLimiterAbstract, nameOf: (key: string) => string): RateLimit {
  const takeCounted = async (key: string) => {
    try {
      const { consumedPoints: number } = await limiter.consume(nameOf(key));
      return { waitSeconds: 0, number };
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused;
      return { waitSeconds: Math.ceil(refused.msBeforeNext / 1000), number: refused.consumedPoints };
    }
  };
  return {
    takeCounted,
    take: async (key) => (await takeCounted(key)).waitSeconds,
    async reset(key) {
      await limiter.delete(nameOf(key));
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
