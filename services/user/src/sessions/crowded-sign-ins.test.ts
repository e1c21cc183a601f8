import { signUpMember } from '@kilas/testkit/sign-up.ts';
import { startSystem, type TestSystem } from '@kilas/testkit/start-system.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newName, register, signIn } from '../testing/client.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem({ services: ['user'] });
});
afterAll(() => system.close(), 300_000);

test('wrong sign-ins by the dozen from one address keep nobody out who signs in or registers, there or elsewhere', async () => {
  const member = await signUpMember(system);
  // Each login less often than would be refused before its password is looked at.
  const wrong = Array.from({ length: 90 }, (_, index) => signIn(system, `nobody_${index % 30}`, 'not it', '10.1.1.1'));
  const username = newName();
  const honest = await Promise.all([
    signIn(system, member.email, member.password, '10.2.2.2'),
    signIn(system, member.username, member.password, '10.1.1.1'),
    register(system, { email: `${username}@kilas.test`, username }, '10.3.3.3'),
  ]);
  expect(honest.map(({ statusCode }) => statusCode)).toEqual([200, 200, 202]);
  expect([...new Set((await Promise.all(wrong)).map(({ statusCode }) => statusCode))]).toEqual([401]);
}, 300_000);
