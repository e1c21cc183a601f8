import { signUpMember } from '@kilas/testkit/sign-up.ts';
import { startSystem, type TestSystem } from '@kilas/testkit/start-system.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem({ services: ['user'] });
});
afterAll(() => system.close());

test('a member', async () => {
  const member = await signUpMember(system, { creator: true, consent: true });
  const me = await system.app.inject({ url: '/v1/me', headers: member.headers });
  expect(me.json()).toEqual({});
  });
