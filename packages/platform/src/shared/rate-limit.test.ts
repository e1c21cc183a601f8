import { expect, test } from 'vitest';
import { memoryRateLimit, networkOf } from './rate-limit.ts';

test('a key has its attempts, and others have theirs', async () => {
  const limit = memoryRateLimit({ attempts: 2, windowSeconds: 60 });
  expect([await limit.take('a'), await limit.take('a'), await limit.take('b')]).toEqual([0, 0, 0]);
  expect(await limit.take('a')).toBeGreaterThan(0);
  await limit.reset('a');
  expect(await limit.take('a')).toBe(0);
});

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002::ffff', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
])('%s counts as %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});
