import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { portSupply } from './port-supply.ts';

test('each port is given once, and none that somebody listens on', async () => {
  const take = portSupply();
  const one = await take();
  const next = one + 1 < 32_000 ? one + 1 : 20_000;
  const server = createServer().listen(next, '127.0.0.1');
  onTestFinished(() => void server.close());
  await Promise.race([once(server, 'listening'), once(server, 'error')]);
  const others = [await take(), await take(), await take()];
  expect(new Set([one, next, ...others]).size).toBe(5);
});
