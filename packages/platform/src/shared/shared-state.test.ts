import { startTestRedis, testWithRedis } from '@kilas/testkit/test-with-redis.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import pino from 'pino';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openMemorySharedState } from './memory-shared-state.ts';
import { openRedisSharedState } from './redis-shared-state.ts';
import type { SharedState } from './shared-state.ts';

/** Two that share: what one does, the other sees. */
type OpenPair = () => Promise<readonly [SharedState, SharedState]>;

async function openMemoryPair() {
  const shared = openMemorySharedState();
  onTestFinished(shared.close);
  return [shared, shared] as const;
}

async function openRedisPair() {
  const redis = await startTestRedis();
  const pair = [0, 1].map(() => openRedisSharedState({ url: redis.url, log: pino({ level: 'silent' }) }));
  for (const shared of pair) onTestFinished(shared.close);
  await waitFor(() => pair.every((shared) => shared.state() === 'ready'), { what: 'both to be connected' });
  const [one, other] = pair;
  if (one === undefined || other === undefined) throw new Error('no pair');
  return [one, other] as const;
}

const implementations: [string, OpenPair, typeof test | typeof testWithRedis][] = [
  ['in memory', openMemoryPair, test],
  ['at Redis', openRedisPair, testWithRedis],
];

describe.each(implementations)('shared state %s', (_name, openPair, check) => {
  check('the attempts of a key are those of all replicas together', async () => {
    const [one, other] = await openPair();
    const [here, there] = [one, other].map((shared) => shared.rateLimit('trials', { attempts: 3, windowSeconds: 60 }));
    expect([await here?.take('anna'), await there?.take('anna'), await here?.take('anna')]).toEqual([0, 0, 0]);
    const waits = [await here?.take('anna'), await there?.take('anna')];
    for (const seconds of waits) expect(seconds).toSatisfy((wait: number) => wait > 0 && wait <= 60);
    expect(await there?.take('bela')).toBe(0);
    await there?.reset('anna');
    expect(await here?.take('anna')).toBe(0);
  });

  check('of attempts made at once no more pass than there are', async () => {
    const [one, other] = await openPair();
    const limits = [one, other].map((shared) => shared.rateLimit('rush', { attempts: 5, windowSeconds: 60 }));
    const waits = await Promise.all(Array.from({ length: 40 }, (_, index) => limits[index % 2]?.take('anna')));
    expect(waits.filter((wait) => wait === 0)).toHaveLength(5);
  });

  check('attempts come back when their window is over, and limits of other names count for themselves', async () => {
    const [one, other] = await openPair();
    const short = one.rateLimit('short', { attempts: 1, windowSeconds: 1 });
    expect(await short.take('anna')).toBe(0);
    expect(await short.take('anna')).toBe(1);
    expect(await other.rateLimit('another', { attempts: 1, windowSeconds: 1 }).take('anna')).toBe(0);
    await waitFor(async () => (await short.take('anna')) === 0, { what: 'the window to pass' });
  });

  check('a value is there for every replica until it is deleted', async () => {
    const [one, other] = await openPair();
    const [here, there] = [one.cache('faces', { seconds: 60 }), other.cache('faces', { seconds: 60 })];
    expect(await there.get('key')).toBeUndefined();
    await here.set('key', 'é "value"');
    expect(await there.get('key')).toBe('é "value"');
    expect(await other.cache('voices', { seconds: 60 }).get('key')).toBeUndefined();
    await there.delete('key');
    expect(await here.get('key')).toBeUndefined();
  });

  check('a value is gone when its time is over, also one that was read', async () => {
    const [one, other] = await openPair();
    const cache = one.cache('short', { seconds: 0.2 });
    await cache.set('key', 'value');
    await waitFor(async () => (await cache.get('key')) === undefined, { what: 'the value to be gone' });
    expect(await other.cache('short', { seconds: 0.2 }).get('key')).toBeUndefined();
  });

  check('a message reaches every listener of its topic in both replicas once, and no other', async () => {
    const [one, other] = await openPair();
    const heard: string[] = [];
    one.subscribe('news', (message) => heard.push(`one ${message}`));
    other.subscribe('news', (message) => heard.push(`other ${message}`));
    const leave = one.subscribe('news', (message) => heard.push(`left ${message}`));
    other.subscribe('weather', (message) => heard.push(`weather ${message}`));
    await waitFor(() => other.state() === 'ready' && one.state() === 'ready', { what: 'both to listen' });
    await one.publish('news', 'a b');
    const listeners = ['left', 'one', 'other'];
    await waitFor(() => heard.length === 3, { what: 'all three to hear' });
    expect(heard.sort()).toEqual(listeners.map((name) => `${name} a b`));
    leave();
    heard.length = 0;
    await other.publish('news', 'c');
    await other.publish('weather', 'rain');
    await waitFor(() => heard.length === 3, { what: 'the last message' });
    expect(heard.sort()).toEqual(['one c', 'other c', 'weather rain']);
  });

  check('one who listens is told before the publisher goes on', async () => {
    const [one] = await openPair();
    const heard: string[] = [];
    one.subscribe('news', (message) => heard.push(message));
    await one.publish('news', 'told');
    expect(heard).toEqual(['told']);
  });
});
