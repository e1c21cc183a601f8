import { expect, test } from 'vitest';
import { namesIn, ownHosts } from './own-hosts.ts';

const isOwn = ownHosts(['photos.example', 'Kilas-User']);

test.each([
  undefined,
  'localhost',
  'LOCALHOST:3000',
  '127.0.0.1:3000',
  '10.1.2.3',
  '[::1]:3000',
  '[fd00::1]',
  'photos.example',
  'Photos.Example:8443',
  'kilas-user:8080',
])('%s is ours', (host) => expect(isOwn(host)).toBe(true));

test.each([
  '',
  ':80',
  'evil.example',
  'evil.example:3000',
  'localhost.evil.example',
  'photos.example.evil.example',
  'evil.photos.example',
  'photos.example@evil.example',
  '127.0.0.1.evil.example',
  '127.0.0.1, evil.example',
  '[evil.example]',
  '1',
  '0x7f.1',
])('%s is not', (host) => expect(isOwn(host)).toBe(false));

test('where a proxy judges, any name is ours', () => {
  expect(ownHosts(['*'])('evil.example')).toBe(true);
});

test('the names of addresses are those of their hosts, without ports', () => {
  expect(namesIn(['https://photos.example:8443/x', undefined, 'no address', 'http://[::1]:3000'])).toEqual([
    'photos.example',
    '[::1]',
  ]);
});
