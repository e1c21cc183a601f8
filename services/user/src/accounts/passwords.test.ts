import { refusalOf } from '@kilas/platform/refusal.ts';
import { expect, test } from 'vitest';
import { Passwords } from './passwords.ts';

const passwords = new Passwords();

test('a password is kept as argon2id of 64 MiB and three passes, salted', async () => {
  const [one, two] = [await passwords.hash('a password'), await passwords.hash('a password')];
  expect(one).toMatch(/^\$argon2id\$v=19\$m=65536,t=3,p=1\$/);
  expect(one).not.toBe(two);
  expect(await passwords.verify(one, 'a password')).toBe(true);
  expect(await passwords.verify(one, 'another password')).toBe(false);
});

test('all of a long password counts', async () => {
  const long = 'x'.repeat(199);
  const hash = await passwords.hash(`${long}a`);
  expect(await passwords.verify(hash, `${long}b`)).toBe(false);
});

test('a password is the same however the keyboard composes its characters', async () => {
  const hash = await passwords.hash('caf\u00e9 au lait');
  expect(await passwords.verify(hash, 'cafe\u0301 au lait')).toBe(true);
});

test('without a hash no password is right', async () => {
  expect(await passwords.verify(undefined, 'a password')).toBe(false);
});

test('a flood of passwords is refused before it takes the machine, and then goes on', async () => {
  const flood = await Promise.allSettled(Array.from({ length: 70 }, () => passwords.hash('a password')));
  const refused = flood
    .filter((outcome) => outcome.status === 'rejected')
    .map(({ reason }) => refusalOf(reason)?.reason);
  expect(refused).toEqual(Array.from({ length: 4 }, () => 'SERVICE_UNAVAILABLE'));
  expect(await passwords.hash('a password')).toContain('argon2id');
});
