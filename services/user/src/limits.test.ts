import { openLog } from '@kilas/platform/process/log.ts';
import { openRedisSharedState } from '@kilas/platform/shared/redis-shared-state.ts';
import { startSystem, type TestSystem } from '@kilas/testkit/start-system.ts';
import { startTestRedis, testWithRedis } from '@kilas/testkit/test-with-redis.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { expect, onTestFinished } from 'vitest';
import { newName } from './testing/client.ts';

testWithRedis(
  'attempts at one replica count at the others, and each counts for itself while Redis is away',
  async () => {
    const redis = await startTestRedis();
    const open = async () => {
      const shared = openRedisSharedState({ url: redis.url, log: openLog('test', 'silent') });
      await waitFor(() => shared.state() === 'ready', { what: 'Redis' });
      const system = await startSystem({ services: ['user'], shared });
      onTestFinished(() => system.close());
      return { system, shared };
    };
    const [one, other] = [await open(), await open()];
    const email = `${newName()}@kilas.test`;
    const ask = async ({ system }: { system: TestSystem }) => {
      const request = { method: 'POST', url: '/v1/auth/resend-verification', payload: { email } } as const;
      return (await system.app.inject(request)).statusCode;
    };
    for (let count = 0; count < 5; count++) expect(await ask(count % 2 === 0 ? one : other)).toBe(202);
    expect([await ask(one), await ask(other)]).toEqual([429, 429]);

    await redis.stop();
    await waitFor(() => one.shared.state() === 'degraded', { what: 'Redis to be away' });
    const ready = await one.system.app.inject({ url: '/readyz' });
    expect(ready.json()).toMatchObject({ status: 'ok', services: { user: { shared: 'degraded' } } });
    for (let count = 0; count < 5; count++) expect(await ask(one)).toBe(202);
    expect(await ask(one)).toBe(429);
  },
);
