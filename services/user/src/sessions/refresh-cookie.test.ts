import { type Member, signUpMember } from '@kilas/testkit/sign-up.ts';
import { startSystem, type TestSystem } from '@kilas/testkit/start-system.ts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { password } from '../testing/client.ts';

const own = 'https://kilas.localhost';
const web = 'https://web.kilas.localhost';

let system: TestSystem;
let member: Member;
let cookie: string;
beforeAll(async () => {
  system = await startSystem({ services: ['user'], env: { PUBLIC_URL: own, CORS_ORIGINS: web } });
  member = await signUpMember(system);
});
beforeEach(async () => {
  cookie = cookieOf(await signInWithCookie());
});
afterAll(() => system.close());

function signInWithCookie(headers: Record<string, string> = {}) {
  const payload = { login: member.email, password, delivery: 'cookie' };
  return system.app.inject({ method: 'POST', url: '/v1/auth/sign-in', payload, headers });
}

function refresh(headers: Record<string, string>) {
  return system.app.inject({ method: 'POST', url: '/v1/auth/refresh', headers });
}

function cookieOf(response: { headers: Record<string, unknown> }): string {
  return String(response.headers['set-cookie']).split(';')[0] ?? '';
}

test('the refresh token of a browser lies in a cookie that no script and no other site gets at', async () => {
  const response = await signInWithCookie();
  const parts = String(response.headers['set-cookie']).split('; ').slice(1).sort();
  expect(parts).toEqual(['HttpOnly', 'Max-Age=2592000', 'Path=/v1/auth', 'SameSite=Strict', 'Secure']);
  expect(response.json()).not.toHaveProperty('refreshToken');
});

test('the cookie is refreshed by pages of the own and of the allowed origins, and by what is no browser', async () => {
  for (const headers of [{ origin: own }, { origin: web }, {}]) {
    const response = await refresh({ cookie, ...headers });
    expect(response.statusCode).toBe(200);
    expect(response.json()).not.toHaveProperty('refreshToken');
    const next = cookieOf(response);
    expect(next).not.toBe(cookie);
    cookie = next;
  }
});

test.each(['https://evil.test', 'http://kilas.localhost', 'null'])(
  'a page of %s does not use the cookie',
  async (origin) => {
    const response = await refresh({ cookie, origin });
    expect(response.statusCode).toBe(403);
    expect(response.json()).toMatchObject({ code: 'ORIGIN_NOT_ALLOWED' });
    expect((await signInWithCookie({ origin })).statusCode).toBe(403);
    const signOut = await system.app.inject({ method: 'POST', url: '/v1/auth/sign-out', headers: { cookie, origin } });
    expect(signOut.statusCode).toBe(403);
    expect((await refresh({ cookie })).statusCode).toBe(200);
  },
);

test('signing out ends the session of the cookie and takes the cookie away', async () => {
  const response = await system.app.inject({ method: 'POST', url: '/v1/auth/sign-out', headers: { cookie } });
  expect(response.statusCode).toBe(204);
  expect(String(response.headers['set-cookie'])).toMatch(/^kilas_refresh=; .*Path=\/v1\/auth/);
  expect((await refresh({ cookie })).json()).toMatchObject({ code: 'SESSION_ENDED' });
});
