import { drivenClock } from '@kilas/testkit/drive-clock.ts';
import { startSystem, type TestSystem } from '@kilas/testkit/start-system.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newName, register, signIn, tokenIn, verify, waitForMails } from '../testing/client.ts';

const clock = drivenClock();
let system: TestSystem;
beforeAll(async () => {
  system = await startSystem({ services: ['user'], clock });
});
afterAll(() => system.close());

async function registerSomebody(): Promise<{ email: string; username: string; token: string }> {
  const username = newName();
  const email = `${username}@kilas.test`;
  await register(system, { email, username });
  const [mail] = await waitForMails(system, email, 1);
  return { email, username, token: tokenIn(mail?.text) };
}

function post(token: string) {
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'accept-language': 'id' };
  return system.app.inject({
    method: 'POST',
    url: '/verify-email',
    headers,
    payload: new URLSearchParams({ token }).toString(),
  });
}

test('a link works for 24 hours', async () => {
  const { token } = await registerSomebody();
  clock.advance(24 * 3600);
  const late = await verify(system, token);
  expect(late.statusCode).toBe(422);
  expect(late.json()).toMatchObject({ code: 'VERIFICATION_LINK_EXPIRED' });
  const { token: next } = await registerSomebody();
  clock.advance(24 * 3600 - 1);
  expect((await verify(system, next)).statusCode).toBe(204);
});

test('a link works once', async () => {
  const { token } = await registerSomebody();
  const answers = await Promise.all([verify(system, token), verify(system, token)]);
  expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([204, 422]);
  expect((await verify(system, token)).json()).toMatchObject({ code: 'VERIFICATION_LINK_USED' });
});

test('a token that was never sent opens nothing', async () => {
  const response = await verify(system, 'x'.repeat(43));
  expect(response.statusCode).toBe(422);
  expect(response.json()).toMatchObject({ code: 'VERIFICATION_LINK_INVALID' });
});

test('opening the link changes nothing, since mail scanners open links: the button verifies', async () => {
  const { username, token } = await registerSomebody();
  const page = await system.app.inject({ url: `/verify-email?token=${token}` });
  expect(page.statusCode).toBe(200);
  expect(page.headers['content-type']).toContain('text/html');
  expect(page.headers['referrer-policy']).toBe('no-referrer');
  expect(page.body).toContain(`name="token" value="${token}"`);
  expect((await signIn(system, username)).json()).toMatchObject({ code: 'EMAIL_NOT_VERIFIED' });
  const done = await post(token);
  expect(done.statusCode).toBe(200);
  expect(done.body).toContain(`Akun ${username} sudah terbuka`);
  expect((await signIn(system, username)).statusCode).toBe(200);
  const again = await post(token);
  expect(again.statusCode).toBe(422);
  expect(again.body).toContain('Tautan ini sudah dipakai');
});

test('without a web client no page and no mail leads to one', async () => {
  const api = await startSystem({ services: ['user'], env: { SITE_URL: '' } });
  try {
    const [username, email] = [newName(), `${newName()}@kilas.test`];
    await register(api, { email, username });
    const [mail] = await waitForMails(api, email, 1);
    const payload = new URLSearchParams({ token: tokenIn(mail?.text) }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const done = await api.app.inject({ method: 'POST', url: '/verify-email', headers, payload });
    expect(done.body).toContain(`Your account ${username} is open`);
    expect(done.body).not.toContain('href');
    await register(api, { email, username: newName() });
    const [known] = await waitForMails(api, email, 2);
    expect(known?.text).toContain(`your username is ${username}`);
    expect(`${known?.text}${known?.html}`).not.toMatch(/https?:|href/);
  } finally {
    await api.close();
  }
});

test('the page shows a token as text, whatever it holds', async () => {
  const page = await system.app.inject({
    url: `/verify-email?token=${encodeURIComponent('"><script>alert(1)</script>')}`,
  });
  expect(page.body).toContain('&quot;&gt;&lt;script&gt;');
  expect(page.body).not.toContain('<script>');
});
