import { readFile } from 'node:fs/promises';
import { findFreePort } from '@kilas/embedded/free-port.ts';
import { hasProxy, type ProxyKind, startProxy } from '@kilas/embedded/start-proxy.ts';
import { urlMap } from '@kilas/installation/url-map.ts';
import { startOwnPostgres } from '@kilas/testkit/own-postgres.ts';
import { startSystem, type TestSystem } from '@kilas/testkit/start-system.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';

const services = ['user', 'photo', 'transaction', 'upload'] as const;
const kinds: readonly ProxyKind[] = ['nginx', 'haproxy'];
const here = new Map(await Promise.all(kinds.map(async (kind) => [kind, await hasProxy(kind)] as const)));
for (const [kind, isHere] of here) {
  if (!isHere) process.stdout.write(`skipped: tests behind ${kind}, which is not installed here\n`);
}

const server = await startOwnPostgres();
let system: TestSystem;
let port: number;

beforeAll(async () => {
  for (const name of services) await server.createDatabase(`kilas_${name}`);
  const databases = Object.fromEntries(services.map((name) => [name, { DATABASE_URL: server.url(`kilas_${name}`) }]));
  system = await startSystem({ services, databases });
  port = await findFreePort();
  await system.app.listen({ host: '127.0.0.1', port });
});

afterAll(async () => {
  await system?.close();
  await server.stop();
});

const problem = z.object({ code: z.string(), status: z.number() });
/** One request for each service; what changes something among them. */
const requests = [
  ['GET', '/v1/events'],
  ['GET', '/v1/explore'],
  ['POST', '/v1/auth/sign-in', { password: 'correct horse battery staple' }],
  ['POST', '/v1/payments/sandbox/webhook', {}],
] as const;

/** Another one each time: who tries one account too often hears 429. */
let logins = 0;

async function ask(url: string, [method, path, body]: (typeof requests)[number]) {
  logins += 1;
  const headers = {
    'accept-language': 'id',
    ...(body && { 'content-type': 'application/json' }),
  };
  const response = await fetch(`${url}${path}`, {
    method,
    headers,
    ...(body && { body: JSON.stringify({ ...body, login: `nobody${logins}@kilas.test` }) }),
  });
  return {
    path,
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    text: await response.text(),
  };
}

/** Of the two replicas that the file names one is there, and in place of the other nobody listens: it is starting, or dead. */
async function open(kind: ProxyKind) {
  const nobody = await findFreePort();
  const ports = new Map([1, 2, 3, 5].flatMap((at) => [[5100 + at, port] as const, [5110 + at, nobody] as const]));
  const proxy = await startProxy(kind, ports);
  onTestFinished(proxy.stop);
  return proxy;
}

describeEach((kind, run) => {
  run('while the database is away nobody hears 404 or 502, but 503 and when to come again', async () => {
    const { url } = await open(kind);
    for (const request of requests) expect((await ask(url, request)).status, request[1]).toBeLessThan(500);
    await server.restart(async () => {
      await waitFor(async () => (await system.app.inject('/readyz')).statusCode === 503, { what: 'the outage' });
      // Longer than a proxy takes to find out who is not ready.
      for (let round = 0; round < 5; round++) {
        const answers = await Promise.all([requests[0], requests[2]].map((request) => ask(url, request)));
        for (const { path, status, retryAfter, text } of answers) {
          expect({ path, status }).toEqual({ path, status: 503 });
          expect(Number(retryAfter)).toBeGreaterThan(0);
          expect(problem.parse(JSON.parse(text))).toEqual({ code: 'SERVICE_UNAVAILABLE', status: 503 });
        }
      }
    });
    const isWell = async () => (await ask(url, requests[0])).status === 200;
    await waitFor(isWell, { what: 'all to be well again', timeoutMs: 30_000 });
  });

  run('where no replica takes a connection the proxy itself says 503', async () => {
    const nobody = await findFreePort();
    const ports = new Map([1, 2, 3, 5].flatMap((at) => [[5100 + at, nobody] as const, [5110 + at, nobody] as const]));
    const { url, stop } = await startProxy(kind, ports);
    onTestFinished(stop);
    for (const request of requests) {
      const { status, retryAfter, text } = await ask(url, request);
      expect({ status, retryAfter }).toEqual({ status: 503, retryAfter: '5' });
      expect(problem.parse(JSON.parse(text)).code).toBe('SERVICE_UNAVAILABLE');
    }
  });

  run('an address that nobody knows is 404 as ever, and what is for operators is not passed on', async () => {
    const { url } = await open(kind);
    const unknown = await fetch(`${url}/v1/nothing`);
    expect(unknown.status).toBe(404);
    expect(problem.parse(await unknown.json()).code).toBe('ROUTE_NOT_FOUND');
    for (const path of ['/metrics', '/readyz', '/trafficz']) expect((await fetch(`${url}${path}`)).status).toBe(404);
  });
});

test.each(kinds)('the example for %s sends each address to the service that the URL map names', async (kind) => {
  const file = { nginx: 'nginx.conf', haproxy: 'haproxy.cfg' }[kind];
  const text = await readFile(new URL(`../deploy/proxies/${file}`, import.meta.url), 'utf8');
  const rules =
    kind === 'nginx'
      ? [...text.matchAll(/"~(\^\S+)" (\w+);/g)].map(([, rule = '', service = '']) => ({ rule, service }))
      : [...text.matchAll(/use_backend (\w+) if \{ path_reg (\S+) \}/g)].map(([, service = '', rule = '']) => ({
          rule,
          service,
        }));
  expect(rules).toHaveLength(3);
  const serviceOf = (path: string) => rules.find(({ rule }) => new RegExp(rule).test(path))?.service ?? 'user';
  for (const { prefix, service } of urlMap) {
    expect([serviceOf(prefix), serviceOf(`${prefix}/x`)], prefix).toEqual([service, service]);
  }
});

function describeEach(define: (kind: ProxyKind, run: typeof test) => void): void {
  for (const kind of kinds) {
    const run = ((title: string, body: () => Promise<void>) =>
      test.skipIf(here.get(kind) !== true)(`behind ${kind}: ${title}`, body)) as typeof test;
    define(kind, run);
  }
}
