import { expect, test } from 'vitest';
import { z } from 'zod';
import { newServiceKey } from '../rpc/service-token.ts';
import { serviceEnv } from '../service/service-config.ts';
import { parseEnv } from './env.ts';

test('a configuration that does not fit lists every problem at once', () => {
  const read = () => parseEnv(serviceEnv, { HTTP_PORT: 'abc', DATABASE_URL: 'mysql://x', SERVICE_PRIVATE_KEY: 'no' });
  for (const name of [
    'HTTP_PORT',
    'RPC_PORT',
    'DATABASE_URL',
    'PUBLIC_URL',
    'SERVICE_PRIVATE_KEY',
    'SERVICE_PUBLIC_KEYS',
  ]) {
    expect(read).toThrow(name);
  }
});

test('an empty variable counts as absent', () => {
  expect(parseEnv(z.object({ LEVEL: z.string().default('info') }), { LEVEL: '' })).toEqual({ LEVEL: 'info' });
});

test.each(['http://:secret@127.0.0.1', 'secret', 'redis://:secret@127.0.0.1/photos'])(
  '%s is no address of Redis, and the error does not show it',
  (REDIS_URL) => {
    const read = () => parseEnv(serviceEnv.pick({ REDIS_URL: true }), { REDIS_URL });
    expect(read).toThrow(/^The configuration does not fit:\n {2}- REDIS_URL: (?!.*secret)/);
  },
);

test.each(['redis://127.0.0.1', 'rediss://kilas:secret@redis.internal:6380/3'])('%s is one', (REDIS_URL) => {
  expect(parseEnv(serviceEnv.pick({ REDIS_URL: true }), { REDIS_URL })).toEqual({ REDIS_URL });
});

test('a service has one public key, or several in a list, and never none', () => {
  const schema = serviceEnv.pick({ SERVICE_PUBLIC_KEYS: true });
  const [first, second] = [newServiceKey().publicKeyPem, newServiceKey().publicKeyPem];
  const read = (keys: unknown) => parseEnv(schema, { SERVICE_PUBLIC_KEYS: JSON.stringify(keys) }).SERVICE_PUBLIC_KEYS;
  const { user, photo } = read({ user: first, photo: [first, second] });
  expect([user?.length, photo?.length]).toEqual([1, 2]);
  for (const keys of [{ user: [] }, { user: 'no key' }, { user: [first, 'no key'] }, [first]]) {
    expect(() => read(keys)).toThrow('SERVICE_PUBLIC_KEYS');
  }
});
