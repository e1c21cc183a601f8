import { startTestRedis, testWithRedis } from '@kilas/testkit/test-with-redis.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { expect, onTestFinished } from 'vitest';
import { RedisLink } from './redis-link.ts';

testWithRedis('an answer is waited for a fifth of a second, and none once Redis is known to be away', async () => {
  const redis = await startTestRedis();
  const changes: boolean[] = [];
  const link = new RedisLink(redis.url, (isUp) => changes.push(isUp));
  onTestFinished(() => link.close());
  await waitFor(() => link.isUp, { what: 'the connection' });
  process.kill(redis.pid, 'SIGSTOP');
  await expect(link.ask((client) => client.get('key'))).rejects.toThrow('Redis took longer than 200 ms');
  await waitFor(() => !link.isUp, { what: 'Redis to be away' });
  let isSent = false;
  const asked = link.ask(async () => {
    isSent = true;
  });
  await expect(asked).rejects.toThrow('Redis is away');
  expect(isSent).toBe(false);
  expect(changes).toEqual([true, false]);
});
