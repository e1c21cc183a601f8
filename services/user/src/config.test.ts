import { newServiceKey } from '@kilas/platform/rpc/service-token.ts';
import { expect, test } from 'vitest';
import { readConfig } from './config.ts';

const env = {
  HTTP_PORT: '5101',
  RPC_PORT: '5102',
  DATABASE_URL: 'postgres://localhost/user',
  PUBLIC_URL: 'http://localhost:3000',
  SERVICE_PRIVATE_KEY: newServiceKey().privateKeyPem,
  SERVICE_PUBLIC_KEYS: '{}',
  ERASURE_JOURNAL_URL: 'folder:/var/lib/kilas/erasures',
};

test('mails that lie in a folder, where a page shows them to all who come, are refused for an address that strangers reach', () => {
  const mail = { MAIL_URL: 'folder:/data/mail' };
  expect(() => readConfig({ ...env, ...mail, PUBLIC_URL: 'https://photos.example' })).toThrow('MAIL_URL: ');
  expect(readConfig({ ...env, ...mail, PUBLIC_URL: 'https://localhost' })).toMatchObject(mail);
  expect(readConfig({ ...env, ...mail })).toMatchObject(mail);
});

test('a server that delivers mail fits any address', () => {
  const mail = { MAIL_URL: 'smtp://mail:1025' };
  expect(readConfig({ ...env, ...mail, PUBLIC_URL: 'https://photos.example' })).toMatchObject(mail);
});
