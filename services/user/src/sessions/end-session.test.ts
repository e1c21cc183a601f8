import { newId } from '@kilas/platform/process/ids.ts';
import { type Member, signUpMember } from '@kilas/testkit/sign-up.ts';
import { startSystem, type TestSystem } from '@kilas/testkit/start-system.ts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { signIn } from '../testing/client.ts';

let system: TestSystem;
let member: Member;
beforeAll(async () => {
  system = await startSystem({ services: ['user'] });
});
beforeEach(async () => {
  member = await signUpMember(system);
});
afterAll(() => system.close());

const list = z.object({ items: z.array(z.object({ sessionId: z.string(), isCurrent: z.boolean() })) });

async function sessionsOf(headers: Record<string, string>) {
  return list.parse((await system.app.inject({ url: '/v1/me/sessions', headers })).json()).items;
}

const end = (sessionId: string, headers: Record<string, string>) =>
  system.app.inject({ method: 'DELETE', url: `/v1/me/sessions/${sessionId}`, headers });

test.each(['access token', 'refresh token'])(
  'signing out with the %s ends the session at once, and again is no error',
  async (by) => {
    const request =
      by === 'access token' ? { headers: member.headers } : { payload: { refreshToken: member.refreshToken } };
    expect((await system.app.inject({ url: '/v1/me', headers: member.headers })).statusCode).toBe(200);
    for (let count = 0; count < 2; count++) {
      const response = await system.app.inject({ method: 'POST', url: '/v1/auth/sign-out', ...request });
      expect(response.statusCode).toBe(204);
    }
    const me = await system.app.inject({ url: '/v1/me', headers: member.headers });
    expect(me.statusCode).toBe(401);
    expect(me.json()).toMatchObject({ code: 'SESSION_ENDED' });
  },
);

test('signing out leaves the other sessions alone', async () => {
  const other = z.object({ accessToken: z.string() }).parse((await signIn(system, member.email)).json());
  await system.app.inject({ method: 'POST', url: '/v1/auth/sign-out', headers: member.headers });
  const headers = { authorization: `Bearer ${other.accessToken}` };
  expect((await sessionsOf(headers)).map(({ isCurrent }) => isCurrent)).toEqual([true]);
});

test('a member sees their sessions and ends one of them from another', async () => {
  await signIn(system, member.email);
  const sessions = await sessionsOf(member.headers);
  expect(sessions.map(({ isCurrent }) => isCurrent)).toEqual([false, true]);
  const other = sessions.find(({ isCurrent }) => !isCurrent)?.sessionId ?? '';
  expect((await end(other, member.headers)).statusCode).toBe(204);
  expect((await end(other, member.headers)).statusCode).toBe(204);
  expect(await sessionsOf(member.headers)).toHaveLength(1);
});

test('nobody ends the session of another', async () => {
  const stranger = await signUpMember(system);
  const [own] = await sessionsOf(member.headers);
  for (const sessionId of [own?.sessionId ?? '', newId()]) {
    const response = await end(sessionId, stranger.headers);
    expect(response.statusCode).toBe(404);
    expect(response.json()).toMatchObject({ code: 'SESSION_NOT_FOUND' });
  }
  expect(await sessionsOf(member.headers)).toHaveLength(1);
});
