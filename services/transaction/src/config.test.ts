import { newServiceKey } from '@kilas/platform/rpc/service-token.ts';
import { expect, test } from 'vitest';
import { readConfig } from './config.ts';

const env = {
  HTTP_PORT: '5101',
  RPC_PORT: '5102',
  DATABASE_URL: 'postgres://localhost/transaction',
  PUBLIC_URL: 'http://localhost:3000',
  SERVICE_PRIVATE_KEY: newServiceKey().privateKeyPem,
  SERVICE_PUBLIC_KEYS: '{}',
  PAYMENT_PROVIDER: 'sandbox',
  SANDBOX_WEBHOOK_KEY: 'k'.repeat(32),
};

test.each([
  ['https://photos.example', undefined],
  ['https://photos.example/', ''],
  ['https://203.0.113.7:8443', 'false'],
])('the sandbox is refused at %s, which strangers reach, where SANDBOX_ALLOWED is %s', (url, allowed) => {
  const strangers = { ...env, PUBLIC_URL: url, SANDBOX_ALLOWED: allowed };
  expect(() => readConfig(strangers)).toThrow(/PAYMENT_PROVIDER: .*play money.*SANDBOX_ALLOWED=true/);
});

test('whoever says that it is wanted may run the sandbox at any address', () => {
  const strangers = { ...env, PUBLIC_URL: 'https://photos.example', SANDBOX_ALLOWED: 'true' };
  expect(readConfig(strangers)).toMatchObject({ PAYMENT_PROVIDER: 'sandbox', SANDBOX_ALLOWED: true });
});

test.each(['http://localhost:3000', 'https://localhost', 'http://192.168.1.5:3000'])(
  'the sandbox runs at %s without a word',
  (url) => {
    expect(readConfig({ ...env, PUBLIC_URL: url })).toMatchObject({ PAYMENT_PROVIDER: 'sandbox' });
  },
);

test.each(['yes', '1', 'TRUE'])('SANDBOX_ALLOWED=%s is no answer', (allowed) => {
  expect(() => readConfig({ ...env, SANDBOX_ALLOWED: allowed })).toThrow('SANDBOX_ALLOWED: ');
});
