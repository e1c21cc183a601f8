import { Code, createClient } from '@connectrpc/connect';
import { createGrpcTransport, Http2SessionManager } from '@connectrpc/connect-node';
import { Health, HealthCheckResponse_ServingStatus as Status } from '@kilas/contracts/gen/grpc/health/v1/health_pb.js';
import { SessionService } from '@kilas/contracts/gen/kilas/user/v1/session_service_pb.js';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { expect, onTestFinished, test } from 'vitest';
import type { PartState, Readiness } from '../process/readiness.ts';
import { serveRpc } from '../rpc/rpc-server.ts';
import { interceptorsOf } from '../service/service.ts';
import { newCaller, openEcho } from '../testing/echo-service.ts';
import { ServiceHealth } from './health.ts';

/** A served echo service whose one part a test changes, and a client without any token. */
async function start() {
  const parts: { database: PartState } = { database: 'ready' };
  let askedCount = 0;
  const ready = async (): Promise<Readiness> => {
    askedCount += 1;
    return { ...parts };
  };
  const service = openEcho({ id: 'a', publicKeyPem: newCaller().publicKeyPem, ready });
  const health = new ServiceHealth(service.ready);
  const place = { host: '127.0.0.1', port: 0, routes: service.rpc, interceptors: interceptorsOf(service) };
  const server = await serveRpc({ ...place, health });
  const sessionManager = new Http2SessionManager(server.url);
  const transport = createGrpcTransport({ baseUrl: server.url, sessionManager });
  onTestFinished(async () => {
    sessionManager.abort();
    await server.stop();
  });
  const client = createClient(Health, transport);
  const status = async (name = '') => (await client.check({ service: name })).status;
  return { parts, health, server, client, transport, status, askedCount: () => askedCount };
}

test('a health checker needs no service token, everybody else does', async () => {
  const { status, transport } = await start();
  expect(await status()).toBe(Status.SERVING);
  const stranger = createClient(SessionService, transport);
  await expect(stranger.authenticate({})).rejects.toMatchObject({ code: Code.Unauthenticated });
});

test('a service with a part away does not serve, one with a part degraded does', async () => {
  const { parts, status } = await start();
  parts.database = 'degraded';
  expect(await status()).toBe(Status.SERVING);
  parts.database = 'away';
  await waitFor(async () => (await status()) === Status.NOT_SERVING, { what: 'it to say so' });
  parts.database = 'ready';
  await waitFor(async () => (await status()) === Status.SERVING, { what: 'it to be back' });
});

test('a service that drains says at once that it does not serve', async () => {
  const { health, status } = await start();
  expect(await status()).toBe(Status.SERVING);
  health.drain();
  expect(await status()).toBe(Status.NOT_SERVING);
});

test('the proto services that are served have the same state, others are not found', async () => {
  const { status } = await start();
  expect(await status(SessionService.typeName)).toBe(Status.SERVING);
  await expect(status('kilas.photo.v1.PhotoService')).rejects.toMatchObject({ code: Code.NotFound });
});

test('who watches hears the state at once and each change, and the watch holds up no end', async () => {
  const { client, health, server } = await start();
  const heard: Status[] = [];
  const watching = (async () => {
    for await (const { status } of client.watch({})) heard.push(status);
  })();
  await waitFor(() => heard.length === 1, { what: 'the first state' });
  health.drain();
  await waitFor(() => heard.length === 2, { what: 'the change' });
  await server.stop();
  await watching.catch(() => undefined);
  expect(heard).toEqual([Status.SERVING, Status.NOT_SERVING]);
});

test('many who ask at the same time cost few questions', async () => {
  const { status, askedCount } = await start();
  await Promise.all(Array.from({ length: 50 }, () => status()));
  expect(askedCount()).toBeLessThan(10);
});
