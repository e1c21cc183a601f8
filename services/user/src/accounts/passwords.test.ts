import { refusalOf } from '@kilas/platform/problems/refusal.ts';
import { expect, test } from 'vitest';
import { Passwords } from './passwords.ts';

const passwords = new Passwords();
const asker = { isFamiliar: false, address: '10.1.1.1', login: 'anna' };

test('a password is kept as argon2id of 64 MiB and three passes, salted', async () => {
  const [one, two] = [await passwords.hash('a password', asker), await passwords.hash('a password', asker)];
  expect(one).toMatch(/^\$argon2id\$v=19\$m=65536,t=3,p=1\$/);
  expect(one).not.toBe(two);
  expect(await passwords.verify(one, 'a password', asker)).toBe(true);
  expect(await passwords.verify(one, 'another password', asker)).toBe(false);
});

test('all of a long password counts', async () => {
  const long = 'x'.repeat(199);
  const hash = await passwords.hash(`${long}a`, asker);
  expect(await passwords.verify(hash, `${long}b`, asker)).toBe(false);
});

test('a password is the same however the keyboard composes its characters', async () => {
  const hash = await passwords.hash('caf\u00e9 au lait', asker);
  expect(await passwords.verify(hash, 'cafe\u0301 au lait', asker)).toBe(true);
});

test('without a hash no password is right', async () => {
  expect(await passwords.verify(undefined, 'a password', asker)).toBe(false);
});

/** Nothing is at work any more: each begins with a hash of its own. */
async function idle(options: { waitingMax: number }): Promise<Passwords> {
  const idle = new Passwords(options);
  await idle.verify(undefined, 'a password', asker);
  return idle;
}

/** Hashes for so many at once; answers with the logins in the order in which they were done, and how many were refused. */
async function flood(passwords: Passwords, askers: readonly (typeof asker)[]) {
  const done: string[] = [];
  const outcomes = await Promise.allSettled(
    askers.map(async (one) => {
      await passwords.hash('a password', one);
      done.push(one.login);
    }),
  );
  const reasons = outcomes.flatMap((outcome) =>
    outcome.status === 'rejected' ? [refusalOf(outcome.reason)?.reason] : [],
  );
  return { done, reasons };
}

const crowd = (count: number) => Array.from({ length: count }, (_, index) => ({ ...asker, login: `crowd ${index}` }));

test('a flood of passwords is refused before it takes the machine, and then goes on', async () => {
  const small = await idle({ waitingMax: 8 });
  expect((await flood(small, crowd(14))).reasons).toEqual(Array(4).fill('SERVICE_UNAVAILABLE'));
  expect(await small.hash('a password', asker)).toContain('argon2id');
});

test('of a full line those of whom there are most leave for somebody else, who is next', async () => {
  const small = await idle({ waitingMax: 8 });
  const elsewhere = { ...asker, address: '10.2.2.2', login: 'elsewhere' };
  const known = { ...asker, isFamiliar: true, login: 'known here' };
  const { done, reasons } = await flood(small, [...crowd(10), elsewhere, known]);
  expect(reasons).toEqual(Array(2).fill('SERVICE_UNAVAILABLE'));
  // They begin behind the two that were at work, and threads end when they like; who came last would be the last two of ten.
  expect(done.slice(0, 6)).toEqual(expect.arrayContaining(['elsewhere', 'known here']));
});
