import { problems } from '@kilas/messages/problems.ts';
import { createHttpApp } from '@kilas/platform/http/http-app.ts';
import { openLog } from '@kilas/platform/process/log.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeWebFolder } from './testing/make-web-folder.ts';
import { registerWebApp } from './web-app.ts';

let app: Awaited<ReturnType<typeof createHttpApp>>;
beforeAll(async () => {
  const log = openLog('test', 'silent');
  app = await createHttpApp({ title: 'test', log, problems, corsOrigins: [], trustedProxies: [] });
  app.get('/v1/events', async () => ({ items: [] }));
  await registerWebApp(app, { folder: await makeWebFolder(), storageOrigins: ['https://objects.example'] });
  await app.ready();
});
afterAll(() => app.close());

test.each(['/', '/e/0199f0f0-0000-7000-8000-000000000000?share=x', '/studio/events', '/index.html'])(
  '%s is the page, which no cache keeps and no other site may frame',
  async (url) => {
    const reply = await app.inject(url);
    expect(reply.statusCode).toBe(200);
    expect(reply.body).toContain('<div id="root">');
    expect(reply.headers['cache-control']).toBe('no-cache');
    const policy = String(reply.headers['content-security-policy']);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("img-src 'self' data: blob: https://objects.example");
    expect(policy).not.toContain('unsafe-inline');
  },
);

test('a file whose name says what is in it is kept for good, and sent compressed to who takes that', async () => {
  const plain = await app.inject('/assets/main-abc.js');
  expect(plain.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  expect(plain.body).toBe('export {};');
  const small = await app.inject({ url: '/assets/main-abc.js', headers: { 'accept-encoding': 'br' } });
  expect(small.headers['content-encoding']).toBe('br');
});

test.each(['/v1/nowhere', '/v1', '/assets/gone-abc.js', '/dev/nothing', '/metrics'])(
  '%s is not of the app: an error stays one, and no page comes in its place',
  async (url) => {
    const reply = await app.inject(url);
    expect(reply.statusCode).toBe(404);
    expect(reply.json()).toMatchObject({ code: 'ROUTE_NOT_FOUND' });
  },
);

test.each(['//', '//[', '//a:b/c', '/%', '/e/%ff'])(
  '%s, which is hardly an address, is no error of ours',
  async (pathname) => {
    expect((await app.inject({ url: { pathname } })).statusCode).toBeLessThan(500);
  },
);

test.each(['/../package.json', '/%2e%2e/package.json', '/.vite/manifest.json', '/assets/..%2f..%2fsecret'])(
  '%s gives nothing beside the app away',
  async (url) => {
    const reply = await app.inject(url);
    expect(reply.body).not.toContain('secret');
  },
);
