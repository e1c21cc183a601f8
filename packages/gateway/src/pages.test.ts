import { problems } from '@kilas/messages/problems.ts';
import { createHttpApp } from '@kilas/platform/http/http-app.ts';
import { openLog } from '@kilas/platform/process/log.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { registerPages } from './pages.ts';

let app: Awaited<ReturnType<typeof createHttpApp>>;
beforeAll(async () => {
  const log = openLog('test', 'silent');
  app = await createHttpApp({ title: 'test', log, problems, corsOrigins: [], trustedProxies: [] });
  // Services register their routes before, some in scopes of their own.
  app.get('/dev/mail.json', async () => ({ items: [] }));
  app.register(async (scope) => {
    scope.post('/sandbox/payments/:token', async () => ({}));
  });
  await registerPages(app);
  await app.ready();
});
afterAll(() => app.close());

test.each(['localhost', 'localhost:3000', '127.0.0.1:3000', '[::1]:3000'])('%s is answered', async (host) => {
  for (const url of ['/docs/', '/openapi.json', '/dev/mail.json']) {
    expect((await app.inject({ url, headers: { host } })).statusCode, url).toBe(200);
  }
});

test.each(['evil.example', 'evil.example:3000', 'localhost.evil.example'])(
  'a page of "%s" whose name leads here reads nothing',
  async (host) => {
    for (const url of ['/', '/docs/', '/openapi.json', '/dev/mail.json', '/nowhere']) {
      const reply = await app.inject({ url, headers: { host } });
      expect(reply.statusCode, url).toBe(421);
      expect(reply.json()).toMatchObject({ code: 'HOST_UNKNOWN' });
    }
    const paid = await app.inject({ method: 'POST', url: '/sandbox/payments/x', headers: { host } });
    expect(paid.statusCode).toBe(421);
  },
);

test('the reference page sends nothing to anybody else', async () => {
  const page = await app.inject('/docs/');
  expect(page.headers['content-security-policy']).toContain("default-src 'self';");
  expect(page.headers['content-security-policy']).not.toMatch(/https?:|\*|connect-src/);
  expect(page.body).toContain('"telemetry": false');
});
