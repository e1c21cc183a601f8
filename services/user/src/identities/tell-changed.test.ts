import { drivenClock } from '@kilas/testkit/drive-clock.ts';
import { type Member, signUpMember } from '@kilas/testkit/sign-up.ts';
import { startSystem, type TestSystem } from '@kilas/testkit/start-system.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { refreshGraceSeconds } from '../sessions/session.ts';
import { signIn } from '../testing/client.ts';

const clock = drivenClock();
let system: TestSystem;
beforeAll(async () => {
  system = await startSystem({ services: ['user', 'photo'], clock });
});
afterAll(() => system.close());

type Request = { method: 'POST' | 'DELETE' | 'PATCH'; url: string; payload?: object; headers?: Member['headers'] };
const send = (request: Request) => system.app.inject(request);
const signOut = { method: 'POST', url: '/v1/auth/sign-out' } as const;

async function refreshTwice({ refreshToken }: Member) {
  const refresh = { method: 'POST', url: '/v1/auth/refresh', payload: { refreshToken } } as const;
  await send(refresh);
  clock.advance(refreshGraceSeconds);
  await send(refresh);
}

async function endFromElsewhere({ email, headers }: Member) {
  const sessions = await system.app.inject({ url: '/v1/me/sessions', headers });
  const { items } = z.object({ items: z.array(z.object({ sessionId: z.string() })) }).parse(sessions.json());
  const { accessToken } = z.object({ accessToken: z.string() }).parse((await signIn(system, email)).json());
  const url = `/v1/me/sessions/${items[0]?.sessionId}`;
  await send({ method: 'DELETE', url, headers: { authorization: `Bearer ${accessToken}` } });
}

const endings: [string, (member: Member) => Promise<unknown>][] = [
  ['signed out with its access token', ({ headers }) => send({ ...signOut, headers })],
  ['signed out with its refresh token', ({ refreshToken }) => send({ ...signOut, payload: { refreshToken } })],
  ['ended from another one', endFromElsewhere],
  ['ended by a refresh token that was used again', refreshTwice],
  [
    'ended to make room for newer ones',
    async ({ email }) => {
      for (let count = 0; count < 20; count++) await signIn(system, email);
    },
  ],
];

test.each(endings)('a session that was %s is refused at once by the other services', async (_how, end) => {
  const member = await signUpMember(system);
  const explore = () => system.app.inject({ url: '/v1/explore', headers: member.headers });
  expect((await explore()).statusCode).toBe(200);
  await end(member);
  expect((await explore()).json()).toMatchObject({ status: 401, code: 'SESSION_ENDED' });
});
