import { Code, ConnectError } from '@connectrpc/connect';
import { problems } from '@kilas/messages/problems.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { refusalError } from '../problems/refusal.ts';
import { openLog } from '../process/log.ts';
import { currentRequestId } from '../process/request-context.ts';
import { createHttpApp } from './http-app.ts';

const openApi = z.object({
  info: z.object({ description: z.string() }),
  components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
  paths: z.record(
    z.string(),
    z.object({ post: z.object({ responses: z.record(z.string(), z.unknown()) }).optional() }),
  ),
});

const app = await createHttpApp({
  title: 'test',
  log: openLog('test', 'silent'),
  problems,
  corsOrigins: ['https://web.example'],
  trustedProxies: [],
});
app.post('/things', { schema: { body: z.strictObject({ count: z.int() }) } }, async (request) => ({
  doubled: request.body.count * 2,
  requestId: currentRequestId(),
}));
app.get('/errors/:kind', { schema: { params: z.object({ kind: z.string() }) } }, async (request) => {
  if (request.params.kind === 'refused') throw refusalError(Code.NotFound, 'PHOTO_NOT_FOUND');
  if (request.params.kind === 'wait') {
    throw refusalError(Code.ResourceExhausted, 'TOO_MANY_REQUESTS', { retryAfterSeconds: '7' });
  }
  if (request.params.kind === 'away') throw new ConnectError('photo is away', Code.Unavailable);
  throw new Error('password is hunter2');
});
app.post('/texts', async () => ({ ok: true }));
app.get('/kept', async (_request, reply) => reply.header('cache-control', 'max-age=60').send('kept'));
await app.ready();
afterAll(() => app.close());

test('a request id of the client is kept, anything that is none is replaced', async () => {
  const kept = await app.inject({
    method: 'POST',
    url: '/things',
    payload: { count: 2 },
    headers: { 'x-request-id': 'client-id-1' },
  });
  expect(kept.json()).toEqual({ doubled: 4, requestId: 'client-id-1' });
  expect(kept.headers['x-request-id']).toBe('client-id-1');
  const bad = await app.inject({ url: '/errors/x', headers: { 'x-request-id': 'bad\tid' } });
  expect(bad.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
});

test('a body that does not fit is a 400 that names each path', async () => {
  const reply = await app.inject({ method: 'POST', url: '/things', payload: { count: 'x', userId: 'other' } });
  expect(reply.statusCode).toBe(400);
  expect(reply.headers['content-type']).toContain('application/problem+json');
  expect(reply.json()).toMatchObject({ code: 'REQUEST_INVALID', status: 400 });
  expect(JSON.stringify(reply.json().errors)).toContain('count');
});

test('broken JSON, a wrong content type and a body too large are 4xx problems', async () => {
  const send = (payload: string, type = 'application/json') =>
    app.inject({ method: 'POST', url: '/things', payload, headers: { 'content-type': type } });
  expect((await send('{')).json()).toMatchObject({ status: 400, code: 'REQUEST_INVALID' });
  expect((await send('x', 'text/csv')).json()).toMatchObject({ status: 415, code: 'CONTENT_TYPE_UNSUPPORTED' });
  expect((await send(`"${'x'.repeat(1_100_000)}"`)).json()).toMatchObject({ status: 413, code: 'BODY_TOO_LARGE' });
});

test('a refusal speaks the language of the reader', async () => {
  const english = await app.inject('/errors/refused');
  const indonesian = await app.inject({
    url: '/errors/refused',
    headers: { 'accept-language': 'fr, id-ID;q=0.9, en;q=0.8' },
  });
  expect(english.json()).toMatchObject({ status: 404, code: 'PHOTO_NOT_FOUND', title: 'Not found' });
  expect(indonesian.json()).toMatchObject({ status: 404, code: 'PHOTO_NOT_FOUND', title: 'Tidak ditemukan' });
});

test('a limit says how long to wait', async () => {
  const reply = await app.inject('/errors/wait');
  expect(reply.statusCode).toBe(429);
  expect(reply.headers['retry-after']).toBe('7');
  expect(reply.json().detail).toContain('7 seconds');
});

test('a service that is away is a 503 with Retry-After', async () => {
  const reply = await app.inject('/errors/away');
  expect(reply.json()).toMatchObject({ status: 503, code: 'SERVICE_UNAVAILABLE' });
  expect(reply.headers['retry-after']).toBe('5');
});

test('an unexpected error leaks nothing but the request id', async () => {
  const reply = await app.inject('/errors/bug');
  expect(reply.json()).toMatchObject({ status: 500, code: 'INTERNAL' });
  expect(reply.body).not.toContain('hunter2');
  expect(reply.json().requestId).toBe(reply.headers['x-request-id']);
});

test('only configured origins may call with cookies', async () => {
  const preflight = (origin: string) =>
    app.inject({
      method: 'OPTIONS',
      url: '/things',
      headers: { origin, 'access-control-request-method': 'POST' },
    });
  expect((await preflight('https://web.example')).headers['access-control-allow-origin']).toBe('https://web.example');
  expect((await preflight('https://evil.example')).headers['access-control-allow-origin']).toBeUndefined();
});

test('what the router does not understand is a problem document that repeats nothing of it', async () => {
  for (const [url, status] of [
    ['/errors/%zz', 400],
    [`/errors/${'x'.repeat(300)}`, 414],
  ] as const) {
    const reply = await app.inject(url);
    expect(reply.statusCode).toBe(status);
    expect(reply.headers['content-type']).toContain('application/problem+json');
    expect(reply.json()).toMatchObject({ status, code: 'REQUEST_INVALID' });
    expect(reply.body).not.toMatch(/zz|xxx/);
  }
});

test('a text with NUL in it, which no database keeps, is a 400 wherever it stands', async () => {
  const refused = { status: 400, code: 'REQUEST_INVALID' };
  const send = (payload: unknown) =>
    app.inject({ method: 'POST', url: '/texts', payload: JSON.stringify(payload), headers });
  const headers = { 'content-type': 'application/json' };
  expect((await send({ a: [{ b: 'x\0y' }] })).json()).toMatchObject(refused);
  expect((await app.inject('/errors/a%00b')).json()).toMatchObject(refused);
  expect((await app.inject('/errors/refused?share=a%00b')).json()).toMatchObject(refused);
  expect((await send({ a: 'fine' })).json()).toEqual({ ok: true });
  const deep = '['.repeat(200_000) + ']'.repeat(200_000);
  const nested = { method: 'POST', url: '/texts', payload: deep, headers } as const;
  expect((await app.inject(nested)).json()).toEqual({ ok: true });
});

test('nobody on the way keeps a reply', async () => {
  expect((await app.inject('/errors/refused')).headers['cache-control']).toBe('no-store');
  expect((await app.inject('/kept')).headers['cache-control']).toBe('max-age=60');
});

test('a body that is no JSON is refused with the reason', async () => {
  const reply = await app.inject({
    method: 'POST',
    url: '/things',
    headers: { 'content-type': 'application/json' },
    payload: '{"count":',
  });
  expect(reply.json()).toMatchObject({ status: 400, code: 'REQUEST_INVALID' });
  expect(reply.json().errors[0].message).toContain('JSON');
});

test('the OpenAPI document says of every route that it may answer with a problem', () => {
  const document = openApi.parse(app.swagger());
  expect(document.info.description).toContain('RFC 9457');
  expect(document.components.schemas).toHaveProperty('Problem');
  const { responses } = document.paths['/things']?.post ?? {};
  expect(responses?.default).toEqual({ $ref: '#/components/responses/Problem' });
  expect(responses?.[200]).toMatchObject({ description: 'OK' });
});

test('an address nobody serves is a problem document', async () => {
  expect((await app.inject('/nowhere')).json()).toMatchObject({ status: 404, code: 'ROUTE_NOT_FOUND' });
});

test('a request that is being answered when the app closes is answered', async () => {
  const closing = await createHttpApp({
    title: 'closing',
    log: openLog('test', 'silent'),
    problems,
    corsOrigins: [],
    trustedProxies: [],
  });
  const entered = Promise.withResolvers<void>();
  const finish = Promise.withResolvers<void>();
  closing.get('/slow', async () => {
    entered.resolve();
    await finish.promise;
    return { isWhole: true };
  });
  const url = await closing.listen({ host: '127.0.0.1', port: 0 });
  const answer = fetch(`${url}/slow`);
  await entered.promise;
  const closed = closing.close();
  // Whoever comes now is told at once that nobody is served here any more.
  await waitFor(async () => (await fetch(`${url}/slow`)).status === 503, { what: 'the app to refuse' });
  finish.resolve();
  expect(await (await answer).json()).toEqual({ isWhole: true });
  await closed;
});
