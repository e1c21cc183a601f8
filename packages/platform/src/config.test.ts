import { expect, test } from 'vitest';
import { z } from 'zod';
import { parseEnv } from './config.ts';
import { serviceEnv } from './service-config.ts';

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
