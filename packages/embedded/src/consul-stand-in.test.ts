import { createServer } from 'node:http';
import { createServer as createGrpcServer, type ServerHttp2Session } from 'node:http2';
import type { Server } from 'node:net';
import { Code, ConnectError } from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { Health, HealthCheckResponse_ServingStatus as Status } from '@kilas/contracts/gen/grpc/health/v1/health_pb.js';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { type ConsulStandInOptions, startConsulStandIn } from './consul-stand-in.ts';

const entries = z.array(
  z.object({ Service: z.object({ ID: z.string(), Port: z.number(), Meta: z.record(z.string(), z.string()) }) }),
);

async function start(options: ConsulStandInOptions = {}) {
  const consul = await startConsulStandIn(options);
  onTestFinished(() => consul.stop());
  return {
    ...consul,
    register: (body: object) =>
      fetch(`${consul.url}/v1/agent/service/register`, { method: 'PUT', body: JSON.stringify(body) }),
    deregister: (id: string) => fetch(`${consul.url}/v1/agent/service/deregister/${id}`, { method: 'PUT' }),
    /** Ids of the passing replicas, and the index. */
    passing: async (name: string, query = '') => {
      const response = await fetch(`${consul.url}/v1/health/service/${name}?passing${query}`);
      const found = entries.parse(await response.json());
      return { ids: found.map(({ Service }) => Service.ID), index: Number(response.headers.get('x-consul-index')) };
    },
  };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** A service with both checks, whose health a test changes. */
async function startChecked() {
  const state = { http: 200, grpc: Status.SERVING };
  const http = createServer((_request, response) => response.writeHead(state.http).end());
  const sessions = new Set<ServerHttp2Session>();
  const grpc = createGrpcServer(
    connectNodeAdapter({ routes: (router) => router.service(Health, { check: () => ({ status: state.grpc }) }) }),
  ).on('session', (session) => sessions.add(session));
  const httpPort = await listen(http);
  const grpcPort = await listen(grpc);
  const body = {
    ID: 'user-1',
    Name: 'kilas-user',
    Port: grpcPort,
    Checks: [
      { HTTP: `http://127.0.0.1:${httpPort}/readyz`, Interval: '20ms', Timeout: '1s' },
      { GRPC: `127.0.0.1:${grpcPort}`, Interval: '20ms', Timeout: '1s', DeregisterCriticalServiceAfter: '100ms' },
    ],
  };
  return { state, body };
}

test('a service passes once all its checks do, and no more when one of them fails', async () => {
  const consul = await start();
  const service = await startChecked();
  service.state.grpc = Status.NOT_SERVING;
  await consul.register(service.body);
  const checks = async () => JSON.stringify(await (await fetch(`${consul.url}/v1/health/state/passing`)).json());
  await waitFor(async () => (await checks()).includes('service:user-1:1'), { what: 'the HTTP check to pass' });
  expect((await consul.passing('kilas-user')).ids).toEqual([]);

  service.state.grpc = Status.SERVING;
  await waitFor(async () => (await consul.passing('kilas-user')).ids.length === 1, { what: 'both to pass' });
  service.state.http = 503;
  await waitFor(async () => (await consul.passing('kilas-user')).ids.length === 0, { what: 'it to fail' });
});

test('a blocking query answers at a change of its service and at no other', async () => {
  const consul = await start();
  await consul.register({ ID: 'a', Name: 'kilas-user' });
  const { index } = await consul.passing('kilas-user');
  let isAnswered = false;
  const answer = consul.passing('kilas-user', `&index=${index}&wait=60s`).finally(() => {
    isAnswered = true;
  });
  await consul.register({ ID: 'p', Name: 'kilas-photo' });
  expect((await consul.passing('kilas-photo')).ids).toEqual(['p']);
  expect(isAnswered).toBe(false);
  await consul.register({ ID: 'b', Name: 'kilas-user' });
  const { ids, index: next } = await answer;
  expect(ids).toEqual(['a', 'b']);
  expect(next).toBeGreaterThan(index);
});

test('a blocking query without a change answers after its wait, with the same index', async () => {
  const consul = await start();
  await consul.register({ ID: 'a', Name: 'kilas-user' });
  const { index } = await consul.passing('kilas-user');
  expect(await consul.passing('kilas-user', `&index=${index}&wait=10ms`)).toEqual({ ids: ['a'], index });
});

test('a service registered again keeps its state and wakes nobody', async () => {
  const consul = await start();
  const service = await startChecked();
  await consul.register(service.body);
  await waitFor(async () => (await consul.passing('kilas-user')).ids.length === 1, { what: 'it to pass' });
  const before = await consul.passing('kilas-user');
  await consul.register(service.body);
  expect(await consul.passing('kilas-user')).toEqual(before);
});

test('a service that stays critical is taken off', async () => {
  const consul = await start({ deregisterAfterMinMs: 0 });
  const service = await startChecked();
  await consul.register(service.body);
  service.state.grpc = Status.NOT_SERVING;
  const known = async () =>
    Object.keys(
      z
        .object({})
        .loose()
        .parse(await (await fetch(`${consul.url}/v1/agent/services`)).json()),
    );
  expect(await known()).toEqual(['user-1']);
  await waitFor(async () => (await known()).length === 0, { what: 'it to be taken off' });
});

test('away it takes no connection and ends the waiting ones; back it knows what it knew', async () => {
  const consul = await start();
  await consul.register({ ID: 'a', Name: 'kilas-user' });
  const { index } = await consul.passing('kilas-user');
  const waiting = consul.passing('kilas-user', `&index=${index}`);
  const broken = expect(waiting).rejects.toThrow();
  await consul.away();
  await broken;
  await expect(consul.passing('kilas-user')).rejects.toThrow();
  await consul.back();
  expect((await consul.passing('kilas-user')).ids).toEqual(['a']);
});

test('stopped and started again on its port it knows nothing', async () => {
  const first = await start();
  await first.register({ ID: 'a', Name: 'kilas-user' });
  await first.stop();
  const second = await start({ port: Number(new URL(first.url).port) });
  expect(second.url).toBe(first.url);
  expect((await second.passing('kilas-user')).ids).toEqual([]);
});

test('what a proxy reads is there: tags by service, the leader, the agent', async () => {
  const consul = await start();
  await consul.register({ ID: 'a', Name: 'kilas-user', Tags: ['traefik.enable=true'] });
  const json = async (path: string) => (await fetch(`${consul.url}${path}`)).json();
  expect(await json('/v1/catalog/services')).toMatchObject({ 'kilas-user': ['traefik.enable=true'] });
  expect(await json('/v1/status/leader')).toMatch(/^127\.0\.0\.1:/);
  expect(await json('/v1/agent/self')).toMatchObject({ Config: { Datacenter: 'dc1' } });
});

test('a registration that does not fit is refused, and so is a wrong token', async () => {
  const open = await start();
  expect((await open.register({ Name: 'x', Checks: [{ HTTP: 'http://127.0.0.1/', Interval: 'soon' }] })).status).toBe(
    400,
  );
  expect((await open.deregister('nobody')).status).toBe(404);
  const guarded = await start({ token: 'secret' });
  expect((await guarded.register({ Name: 'x' })).status).toBe(403);
});

test('a check of a server that speaks no health protocol fails', async () => {
  const consul = await start();
  const grpcPort = await listen(
    createGrpcServer(
      connectNodeAdapter({
        routes: (router) =>
          router.service(Health, {
            check: () => {
              throw new ConnectError('no', Code.Unimplemented);
            },
          }),
      }),
    ),
  );
  await consul.register({ Name: 'x', Check: { GRPC: `127.0.0.1:${grpcPort}/some.Service`, Interval: '10ms' } });
  const output = () => fetch(`${consul.url}/v1/health/state/critical`).then((response) => response.text());
  await waitFor(async () => (await output()).includes('unimplemented'), { what: 'the check to have run' });
  expect((await consul.passing('x')).ids).toEqual([]);
});
