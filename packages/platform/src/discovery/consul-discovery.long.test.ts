import { createClient } from '@connectrpc/connect';
import { SessionService } from '@kilas/contracts/gen/kilas/user/v1/session_service_pb.js';
import { type ConsulStandIn, type ConsulStandInOptions, startConsulStandIn } from '@kilas/embedded/consul-stand-in.ts';
import { findFreePort } from '@kilas/embedded/free-port.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { systemClock } from '../process/clock.ts';
import { openLog } from '../process/log.ts';
import type { PartState } from '../process/readiness.ts';
import { balancedPeers } from '../rpc/rpc-client.ts';
import { newCaller } from '../testing/echo-service.ts';
import { startEcho, startEchoProcess } from '../testing/start-echo.ts';
import { openConsulDiscovery } from './consul-discovery.ts';

const { sign, publicKeyPem } = newCaller();
const log = openLog('test', 'silent');

async function startConsul(options: ConsulStandInOptions = {}): Promise<ConsulStandIn> {
  const consul = await startConsulStandIn(options);
  onTestFinished(() => consul.stop());
  return consul;
}

/** A client that finds the service by Consul, and what it knows. */
function follow(url: string, options: { keepMs?: number; token?: string } = {}) {
  const discovery = openConsulDiscovery({ url, log, clock: systemClock, ...options });
  onTestFinished(() => discovery.close());
  const client = createClient(SessionService, balancedPeers(discovery, sign)('user'));
  const ids = () => discovery.replicasOf('user').replicas.map(({ id }) => id);
  const knows = (...wanted: string[]) =>
    waitFor(() => ids().sort().join() === wanted.join(), { what: `${wanted} to be known`, timeoutMs: 20_000 });
  const call = async () => (await client.authenticate({ accessToken: 'x' })).accountId;
  return { discovery, ids, knows, call };
}

async function registeredIds(url: string): Promise<string[]> {
  const services: unknown = await (await fetch(`${url}/v1/agent/services`)).json();
  return Object.keys(z.record(z.string(), z.unknown()).parse(services)).sort();
}

test('replicas that start are found, whoever starts first', async () => {
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const { call, knows } = follow(url);
  const a = await startEcho({ id: 'a', publicKeyPem, consulUrl: url });
  await startConsul({ port });
  await knows('a');
  expect(await call()).toBe('a');
  await startEcho({ id: 'b', publicKeyPem, consulUrl: url });
  await knows('a', 'b');
  await a.stop();
  await knows('b');
});

test('a call waits for the first replica to be found', async () => {
  const { url } = await startConsul();
  await startEcho({ id: 'a', publicKeyPem, consulUrl: url });
  await waitFor(async () => (await registeredIds(url)).length === 1, { what: 'the registration' });
  const answer = await waitFor(
    () =>
      follow(url)
        .call()
        .catch(() => undefined),
    { what: 'the first check' },
  );
  expect(answer).toBe('a');
});

test('a registration carries what proxies and operators need', async () => {
  const { url } = await startConsul();
  const a = await startEcho({ id: 'a', publicKeyPem, consulUrl: url });
  await waitFor(async () => (await registeredIds(url)).length === 1, { what: 'the registration' });
  const services: unknown = await (await fetch(`${url}/v1/agent/services`)).json();
  const httpPort = new URL(a.httpUrl).port;
  expect(services).toMatchObject({
    a: {
      Service: 'kilas-user',
      Address: '127.0.0.1',
      Port: Number(new URL(a.url).port),
      Meta: { version: '1', http_port: httpPort },
      Tags: expect.arrayContaining([
        'kilas.http.routers.kilas-user.rule=Path(`/v1/echo`) || PathPrefix(`/v1/echo/`)',
        `kilas.http.services.kilas-user.loadbalancer.server.port=${httpPort}`,
      ]),
    },
  });
});

test('a replica that died is dropped, and no call fails for it', async () => {
  const { url } = await startConsul();
  const a = await startEchoProcess({ id: 'a', publicKeyPem, consulUrl: url });
  await startEcho({ id: 'b', publicKeyPem, consulUrl: url });
  const { call, ids, knows } = follow(url);
  await knows('a', 'b');
  a.signal('SIGKILL');
  const answered = new Set<string>();
  await waitFor(
    async () => {
      answered.add(await call());
      return ids().join() === 'b';
    },
    { what: 'the dead one to be dropped' },
  );
  answered.add(await call());
  expect(answered).toContain('b');
});

test('a replica with a part away gets no calls until it is well again', async () => {
  const { url } = await startConsul();
  const parts: { database: PartState } = { database: 'ready' };
  await startEcho({ id: 'a', publicKeyPem, consulUrl: url, ready: async () => ({ ...parts }) });
  await startEcho({ id: 'b', publicKeyPem, consulUrl: url });
  const { knows } = follow(url);
  await knows('a', 'b');
  parts.database = 'away';
  await knows('b');
  parts.database = 'ready';
  await knows('a', 'b');
});

test('while Consul is away calls go where they went, and what changed is heard when it is back', async () => {
  const consul = await startConsul();
  await startEcho({ id: 'a', publicKeyPem, consulUrl: consul.url });
  const { call, discovery, ids, knows } = follow(consul.url);
  await knows('a');
  expect(discovery.parts().consul).toBe('ready');
  await consul.away();
  await waitFor(() => discovery.parts().consul === 'degraded', { what: 'the absence to be noticed' });
  expect(ids()).toEqual(['a']);
  expect(await call()).toBe('a');
  await startEcho({ id: 'b', publicKeyPem, consulUrl: consul.url });
  await consul.back();
  await knows('a', 'b');
});

test('a Consul that comes back without memory is told again, and no call fails meanwhile', async () => {
  const consul = await startConsul();
  await startEcho({ id: 'a', publicKeyPem, consulUrl: consul.url });
  await startEcho({ id: 'b', publicKeyPem, consulUrl: consul.url });
  const { call, ids, knows } = follow(consul.url);
  await knows('a', 'b');
  await consul.stop();
  const next = await startConsul({ port: Number(new URL(consul.url).port) });
  await waitFor(
    async () => {
      await call();
      return ids().length === 2 && (await registeredIds(next.url)).join() === 'a,b';
    },
    { what: 'both to be registered again', timeoutMs: 25_000 },
  );
});

test('the last known replicas are kept for a while after Consul knows none', async () => {
  const { url } = await startConsul();
  const a = await startEcho({ id: 'a', publicKeyPem, consulUrl: url });
  const patient = follow(url);
  const forgetful = follow(url, { keepMs: 50 });
  await Promise.all([patient.knows('a'), forgetful.knows('a')]);
  await fetch(`${url}/v1/agent/service/deregister/a`, { method: 'PUT' });
  await forgetful.knows();
  expect(patient.discovery.parts()).toMatchObject({ 'peer-user': 'degraded' });
  expect(patient.ids()).toEqual(['a']);
  expect(await patient.call()).toBe('a');
  await a.stop();
});

test('a service that ends leaves Consul first and answers until everybody has heard', async () => {
  const { url } = await startConsul();
  const a = await startEchoProcess({ id: 'a', publicKeyPem, consulUrl: url });
  await startEcho({ id: 'b', publicKeyPem, consulUrl: url });
  const { call, ids, knows } = follow(url);
  await knows('a', 'b');
  let isEnded = false;
  const ended = a.stop().then(() => {
    isEnded = true;
  });
  await waitFor(() => ids().join() === 'b', { what: 'the others to hear of it' });
  expect(isEnded).toBe(false);
  for (const path of ['/readyz', '/readyz?away=warning', '/trafficz']) {
    expect((await fetch(`${a.httpUrl}${path}`)).status, path).toBe(503);
  }
  while (!isEnded) expect(await call()).toBe('b');
  await ended;
});

test('where a part of every replica is away they are still found, to say so; one that is well is preferred', async () => {
  const { url } = await startConsul();
  const parts: { a: PartState; b: PartState } = { a: 'away', b: 'away' };
  const a = await startEcho({ id: 'a', publicKeyPem, consulUrl: url, ready: async () => ({ database: parts.a }) });
  await startEcho({ id: 'b', publicKeyPem, consulUrl: url, ready: async () => ({ database: parts.b }) });
  const { call, knows } = follow(url);
  await knows('a', 'b');
  expect(['a', 'b']).toContain(await call());
  const asked = async (path: string) => (await fetch(`${a.httpUrl}${path}`)).status;
  expect([await asked('/readyz'), await asked('/readyz?away=warning'), await asked('/trafficz')]).toEqual([
    503, 429, 200,
  ]);
  parts.b = 'ready';
  await knows('b');
  parts.a = 'ready';
  await knows('a', 'b');
});

test('readiness tells of Consul and of each service that is called, and neither keeps a service from serving', async () => {
  const port = await findFreePort();
  const { discovery, knows } = follow(`http://127.0.0.1:${port}`);
  expect(discovery.parts()).toEqual({ consul: 'degraded', 'peer-user': 'degraded' });
  const { url } = await startConsul({ port });
  await startEcho({ id: 'a', publicKeyPem, consulUrl: url });
  await knows('a');
  expect(discovery.parts()).toMatchObject({ 'peer-user': 'ready' });
  discovery.announce({
    service: 'photo',
    replicaId: 'p',
    host: '127.0.0.1',
    rpcPort: 1,
    httpPort: 1,
    version: '1',
    prefixes: [],
  });
  expect(discovery.parts().consul).toBe('degraded');
  await waitFor(() => discovery.parts().consul === 'ready', { what: 'the registration' });
  await discovery.withdraw();
  expect(await registeredIds(url)).toEqual(['a']);
});

test('a Consul that wants a token is given it, and a wrong one leaves the service running', async () => {
  const { url } = await startConsul({ token: 'secret' });
  const presence = { service: 'photo', host: '127.0.0.1', rpcPort: 1, httpPort: 1, version: '1', prefixes: [] };
  const right = follow(url, { token: 'secret' }).discovery;
  right.announce({ ...presence, replicaId: 'right' });
  await waitFor(() => right.parts().consul === 'ready', { what: 'the registration' });
  const wrong = follow(url, { token: 'guessed' }).discovery;
  wrong.announce({ ...presence, replicaId: 'wrong' });
  await wrong.withdraw();
  await right.withdraw();
  expect(wrong.parts().consul).toBe('degraded');
});
