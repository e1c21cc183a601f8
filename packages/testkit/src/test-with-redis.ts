import { type RedisServer, redisVersion, startRedis } from '@kilas/embedded/start-redis.ts';
import { onTestFinished, test } from 'vitest';

const version = await redisVersion();
if (version === undefined) process.stdout.write('skipped: tests that need redis-server, which is not installed here\n');

/** A test that starts the machine's Redis; where there is none it is skipped. */
export const testWithRedis = test.skipIf(version === undefined);

/** The machine's Redis, empty, until the test is over. */
export async function startTestRedis(options: { port?: number; password?: string } = {}): Promise<RedisServer> {
  const redis = await startRedis(options);
  onTestFinished(redis.stop);
  return redis;
}
