import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findFreePort } from '@kilas/embedded/free-port.ts';
import type { RedisServer } from '@kilas/embedded/start-redis.ts';
import { startTestRedis, testWithRedis } from '@kilas/testkit/test-with-redis.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import pino from 'pino';
import { createClient } from 'redis';
import { expect, onTestFinished } from 'vitest';
import { openRedisSharedState } from './redis-shared-state.ts';
import type { SharedState } from './shared-state.ts';

const limit = { attempts: 2, windowSeconds: 60 };

function open(url: string, lines: string[] = []): SharedState {
  const shared = openRedisSharedState({ url, log: pino({ level: 'trace' }, { write: (line) => lines.push(line) }) });
  onTestFinished(shared.close);
  return shared;
}

async function send(redis: RedisServer, ...command: string[]): Promise<unknown> {
  const client = await createClient({ url: redis.url }).connect();
  try {
    return await client.sendCommand(command);
  } finally {
    client.destroy();
  }
}

const until = (shared: SharedState, state: 'ready' | 'degraded') =>
  waitFor(() => shared.state() === state, { what: `the shared state to be ${state}` });

async function use(shared: SharedState, key: string): Promise<void> {
  await shared.rateLimit('trials', limit).take(key);
  const cache = shared.cache('faces', { seconds: 60 });
  await cache.set(key, 'value');
  await cache.get(key);
  await cache.delete(key);
  await shared.publish('news', key);
}

testWithRedis('it starts while Redis is away, counts for itself, and shares once Redis is there', async () => {
  const port = await findFreePort();
  const shared = open(`redis://127.0.0.1:${port}`);
  const heard: string[] = [];
  shared.subscribe('news', (message) => heard.push(message));
  expect(shared.state()).toBe('degraded');
  const trials = shared.rateLimit('trials', limit);
  expect([await trials.take('anna'), await trials.take('anna')]).toEqual([0, 0]);
  expect(await trials.take('anna')).toBeGreaterThan(0);
  await trials.reset('anna');
  expect(await trials.take('anna')).toBe(0);
  const cache = shared.cache('faces', { seconds: 60 });
  await cache.set('key', 'value');
  expect(await cache.get('key')).toBeUndefined();
  await shared.publish('news', 'told here');
  expect(heard).toEqual(['told here']);
  const redis = await startTestRedis({ port });
  await until(shared, 'ready');
  const other = open(redis.url);
  await until(other, 'ready');
  await other.publish('news', 'told from there');
  await waitFor(() => heard.length === 2, { what: 'the message of the other' });
  expect([await trials.take('bela'), await other.rateLimit('trials', limit).take('bela')]).toEqual([0, 0]);
  expect(await trials.take('bela')).toBeGreaterThan(0);
});

testWithRedis('it goes on while Redis is restarted, listens again, and says so', async () => {
  const redis = await startTestRedis();
  const lines: string[] = [];
  const shared = open(redis.url, lines);
  const other = open(redis.url);
  const heard: string[] = [];
  other.subscribe('news', (message) => heard.push(message));
  await until(shared, 'ready');
  await until(other, 'ready');
  await redis.stop();
  await until(shared, 'degraded');
  expect(await shared.rateLimit('trials', limit).take('anna')).toBe(0);
  await redis.restart();
  await until(shared, 'ready');
  await until(other, 'ready');
  await shared.publish('news', 'back');
  await waitFor(() => heard.length > 0, { what: 'the message' });
  expect(heard).toEqual(['back']);
  const messages = lines.map((line) => JSON.parse(line).msg as string);
  expect(messages.map((message) => message.split(':')[0])).toEqual([
    'Redis is there',
    'Redis is away',
    'Redis is there',
  ]);
});

testWithRedis('a frozen Redis keeps nobody waiting, and is used again when it thaws', async () => {
  const redis = await startTestRedis();
  const shared = open(redis.url);
  shared.subscribe('news', () => {});
  await until(shared, 'ready');
  process.kill(redis.pid, 'SIGSTOP');
  onTestFinished(() => void process.kill(redis.pid, 'SIGCONT'));
  // It never answers: whatever waits for it does not come back.
  await use(shared, 'anna');
  await until(shared, 'degraded');
  await Promise.all(Array.from({ length: 1_000 }, (_, index) => use(shared, `member ${index}`)));
  process.kill(redis.pid, 'SIGCONT');
  await until(shared, 'ready');
  expect(await shared.rateLimit('trials', limit).take('carla')).toBe(0);
});

testWithRedis('a Redis that takes no writes counts as away until it does', async () => {
  const redis = await startTestRedis();
  const shared = open(redis.url);
  await until(shared, 'ready');
  await send(redis, 'REPLICAOF', '127.0.0.1', '1');
  await until(shared, 'degraded');
  await send(redis, 'REPLICAOF', 'NO', 'ONE');
  await until(shared, 'ready');
  await send(redis, 'CONFIG', 'SET', 'maxmemory', '1');
  await until(shared, 'degraded');
  expect(await shared.rateLimit('trials', limit).take('anna')).toBe(0);
});

testWithRedis('Redis sees no key as it is, and everything there has an end', async () => {
  const redis = await startTestRedis();
  const shared = open(redis.url);
  await until(shared, 'ready');
  await shared.rateLimit('sign-ins', limit).take('anna@kilas.test 203.0.113.7');
  await shared.cache('familiar', { seconds: 60 }).set('anna@kilas.test', '1');
  const client = await createClient({ url: redis.url }).connect();
  onTestFinished(() => client.destroy());
  const keys = await client.keys('*');
  expect(keys).toHaveLength(3);
  for (const key of keys) {
    expect(key).toMatch(/^kilas:(probe|(limit|cache):[\w-]+:[0-9a-f]{64})$/);
    expect(await client.pTTL(key)).toBeGreaterThan(0);
  }
});

testWithRedis('a password is used and never logged, also when it is wrong', async () => {
  const redis = await startTestRedis({ password: 'sesame/open' });
  const lines: string[] = [];
  await until(open(redis.url, lines), 'ready');
  const wrong = open(redis.url.replace('sesame', 'swordfish'), lines);
  await waitFor(() => lines.some((line) => line.includes('WRONGPASS')), { what: 'the refusal' });
  expect(wrong.state()).toBe('degraded');
  expect(lines.join('')).not.toMatch(/sesame|swordfish/);
});

testWithRedis('it needs no more rights at Redis than the documented ones', async () => {
  const redis = await startTestRedis();
  const rights = '~kilas:* &kilas:* +@connection +@read +@write +@pubsub +eval'.split(' ');
  await send(redis, 'ACL', 'SETUSER', 'kilas', 'on', '>secret', ...rights);
  const shared = open(redis.url.replace('redis://', 'redis://kilas:secret@'));
  shared.subscribe('news', () => {});
  await until(shared, 'ready');
  await use(shared, 'anna');
  await send(redis, 'CONFIG', 'RESETSTAT');
  await use(shared, 'anna');
  expect(await send(redis, 'INFO', 'errorstats')).not.toContain('NOPERM');
  const done = await send(redis, 'INFO', 'commandstats');
  for (const command of ['eval', 'publish', 'set', 'get', 'del']) expect(done).toContain(`cmdstat_${command}:`);
});

testWithRedis('closing it lets the process end, connected or not', async () => {
  const redis = await startTestRedis();
  for (const url of [redis.url, `redis://127.0.0.1:${await findFreePort()}`]) {
    const program = `
      import pino from 'pino';
      import { openRedisSharedState } from ${JSON.stringify(new URL('./redis-shared-state.ts', import.meta.url).href)};
      const shared = openRedisSharedState({ url: ${JSON.stringify(url)}, log: pino({ level: 'silent' }) });
      await shared.rateLimit('trials', { attempts: 1, windowSeconds: 60 }).take('anna');
      await shared.close();`;
    const run = promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], { timeout: 20_000 });
    await expect(run).resolves.toMatchObject({ stderr: '' });
  }
});
