import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openFront } from './front.ts';

const asked: string[] = [];
/** A service that breaks off every request for an upload and is too busy for everything else. */
const upstream = http.createServer((request, response) => {
  asked.push(request.url ?? '');
  if (request.url?.startsWith('/v1/uploads')) request.socket.destroy();
  else response.writeHead(503, { 'retry-after': '1' }).end('busy');
});
let front: Awaited<ReturnType<typeof openFront>>;

beforeAll(async () => {
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  const alive = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
  // Nobody listens on the port for "tcpmux".
  const away = 'http://127.0.0.1:1';
  front = await openFront({ user: away, photo: alive, transaction: away, ai: away, upload: alive });
});

afterAll(async () => {
  await front.close();
  upstream.closeAllConnections();
  upstream.close();
});

test.each([
  ['is away', { url: '/v1/me' }],
  ['dies of the request', { method: 'POST', url: '/v1/uploads/photo', payload: 'x' }],
  ['is away while its document is asked for', { url: '/openapi.json' }],
] as const)(
  'a service that %s is a 503 that says when to come again and nothing of where it was',
  async (_, request) => {
    const reply = await front.inject(request);
    expect(reply.statusCode).toBe(503);
    expect(reply.headers).toMatchObject({ 'retry-after': '5' });
    expect(reply.headers['content-type']).toContain('application/problem+json');
    expect(reply.json()).toMatchObject({ status: 503, code: 'SERVICE_UNAVAILABLE' });
    expect(reply.body).not.toContain('127.0.0.1');
  },
);

test('a service that is too busy is asked once', async () => {
  const reply = await front.inject({ url: '/v1/explore' });
  expect(reply.statusCode).toBe(503);
  expect(reply.headers['retry-after']).toBe('1');
  expect(asked.filter((url) => url === '/v1/explore')).toHaveLength(1);
});
