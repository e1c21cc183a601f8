import { expect, test } from 'vitest';
import { isPublicAddress } from './public-address.ts';

test.each([
  ['https://photos.example', true],
  ['https://localhost.photos.example', true],
  ['https://203.0.113.7:8443', true],
  ['https://localhost:3000', false],
  ['https://kilas.localhost', false],
  ['https://127.0.0.1', false],
  ['https://[::1]:3000', false],
  ['http://photos.example', false],
  ['photos', false],
  [undefined, false],
])('%s, open to strangers: %s', (url, isOpen) => {
  expect(isPublicAddress(url)).toBe(isOpen);
});
