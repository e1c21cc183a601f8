import { drivenClock } from '@kilas/testkit/drive-clock.ts';
import { query } from '@kilas/testkit/query.ts';
import { type Member, signUpMember } from '@kilas/testkit/sign-up.ts';
import { startSystem, type TestSystem } from '@kilas/testkit/start-system.ts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { refreshGraceSeconds } from './session.ts';

const clock = drivenClock();
let system: TestSystem;
let member: Member;
beforeAll(async () => {
  system = await startSystem({ services: ['user'], clock });
});
beforeEach(async () => {
  member = await signUpMember(system);
});
afterAll(() => system.close());

const pair = z.object({ accessToken: z.string(), refreshToken: z.string() });

function refresh(refreshToken: string) {
  return system.app.inject({ method: 'POST', url: '/v1/auth/refresh', payload: { refreshToken } });
}

async function refreshed(refreshToken: string) {
  const response = await refresh(refreshToken);
  expect(response.statusCode).toBe(200);
  return pair.parse(response.json());
}

function me(accessToken: string) {
  return system.app.inject({ url: '/v1/me', headers: { authorization: `Bearer ${accessToken}` } });
}

test('a refresh token is exchanged for a new pair, and its successor goes on', async () => {
  clock.advance(601);
  expect((await me(member.token)).json()).toMatchObject({ code: 'TOKEN_EXPIRED' });
  const second = await refreshed(member.refreshToken);
  expect(second.refreshToken).not.toBe(member.refreshToken);
  expect((await me(second.accessToken)).statusCode).toBe(200);
  clock.advance(601);
  const third = await refreshed(second.refreshToken);
  expect((await me(third.accessToken)).statusCode).toBe(200);
});

test('a refresh token that is used again after the grace ends the whole session', async () => {
  const second = await refreshed(member.refreshToken);
  clock.advance(refreshGraceSeconds);
  const reuse = await refresh(member.refreshToken);
  expect(reuse.statusCode).toBe(401);
  expect(reuse.json()).toMatchObject({ code: 'SESSION_ENDED' });
  expect((await refresh(second.refreshToken)).json()).toMatchObject({ code: 'SESSION_ENDED' });
  expect((await me(second.accessToken)).json()).toMatchObject({ code: 'SESSION_ENDED' });
});

test('two tabs that refresh together get the same successor and go on', async () => {
  const [one, two] = await Promise.all([refreshed(member.refreshToken), refreshed(member.refreshToken)]);
  expect(two?.refreshToken).toBe(one?.refreshToken);
  clock.advance(refreshGraceSeconds - 1);
  expect((await refreshed(member.refreshToken)).refreshToken).toBe(one?.refreshToken);
  clock.advance(600);
  await refreshed(one?.refreshToken ?? '');
});

test('within the grace too, a refresh token whose successor was used ends the session', async () => {
  const second = await refreshed(member.refreshToken);
  await refreshed(second.refreshToken);
  expect((await refresh(member.refreshToken)).json()).toMatchObject({ code: 'SESSION_ENDED' });
});

test('a session that is not used for thirty days ends', async () => {
  clock.advance(30 * 24 * 3600 - 1);
  const { refreshToken, accessToken } = await refreshed(member.refreshToken);
  expect((await me(accessToken)).statusCode).toBe(200);
  clock.advance(30 * 24 * 3600);
  expect((await refresh(refreshToken)).json()).toMatchObject({ code: 'SESSION_ENDED' });
});

test('what is no refresh token is refused', async () => {
  for (const token of ['x'.repeat(43), member.token.slice(0, 100)]) {
    const response = await refresh(token);
    expect(response.statusCode).toBe(401);
    expect(response.json()).toMatchObject({ code: 'REFRESH_TOKEN_INVALID' });
  }
  const none = await system.app.inject({ method: 'POST', url: '/v1/auth/refresh' });
  expect(none.json()).toMatchObject({ code: 'REFRESH_TOKEN_MISSING' });
});

test('the tables hold no refresh token', async () => {
  const { refreshToken } = await refreshed(member.refreshToken);
  const rows = await query(system.databaseUrls.user, 'select refresh_tokens::text as row from refresh_tokens');
  const text = rows.map(({ row }) => row).join();
  expect(text.length).toBeGreaterThan(0);
  expect(text).not.toContain(member.refreshToken);
  expect(text).not.toContain(refreshToken);
});
