import { createPrivateKey, createPublicKey } from 'node:crypto';
import { createClient } from '@connectrpc/connect';
import { SessionService } from '@kilas/contracts/gen/kilas/user/v1/session_service_pb.js';
import { ROOT_CONTEXT, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { openLog } from '../process/log.ts';
import type { Peers, RpcRoutes } from '../rpc/rpc.ts';
import { grpcPeers, MemoryNetwork } from '../rpc/rpc-client.ts';
import { registerRpc, serveRpc, serverInterceptors } from '../rpc/rpc-server.ts';
import { createServiceSigner, createServiceVerifier, newServiceKey } from '../rpc/service-token.ts';
import { recordSpans } from '../testing/record-spans.ts';
import { registry } from './metrics.ts';
import { observePeers } from './observe-peers.ts';
import { tracer, withinSpan } from './spans.ts';

const recorder = recordSpans();
const method = 'kilas.user.v1.SessionService/Authenticate';
const keys = { photo: newServiceKey(), stranger: newServiceKey() };
const verify = createServiceVerifier('user', { photo: createPublicKey(keys.photo.publicKeyPem) });
const sign = (name: keyof typeof keys) => createServiceSigner('photo', createPrivateKey(keys[name].privateKeyPem));
const routes: RpcRoutes = (router) =>
  registerRpc(
    router,
    SessionService,
    { authenticate: ['photo'] },
    {
      authenticate: ({ accessToken }) => {
        if (accessToken === 'bug') throw new Error('secret detail');
        return {};
      },
    },
  );
const interceptors = serverInterceptors(verify, openLog('test', 'silent'), 'user');
const server = await serveRpc({ host: '127.0.0.1', port: 0, routes, interceptors });
const memory = new MemoryNetwork();
memory.serve('user', { routes, interceptors });
afterAll(() => server.stop());
beforeEach(() => recorder.clear());

const clientOver = (peers: Peers) => createClient(SessionService, observePeers('photo', peers)('user'));

describe.each([
  ['memory', (name: keyof typeof keys) => memory.peersFor(sign(name))],
  ['grpc', (name: keyof typeof keys) => grpcPeers({ user: server.url }, sign(name))],
] as const)('over %s', (_kind, peersAs) => {
  test('a call is one trace: the span of who asks, below it the span of who answers', async () => {
    const request = tracer.startSpan('request');
    await withinSpan(ROOT_CONTEXT, request, () => clientOver(peersAs('photo')).authenticate({ accessToken: 'good' }));
    const [answering, asking] = recorder.spans();
    expect(asking).toMatchObject({ name: method, kind: SpanKind.CLIENT });
    expect(answering).toMatchObject({ name: method, kind: SpanKind.SERVER });
    expect(asking?.parentSpanContext?.spanId).toBe(request.spanContext().spanId);
    expect(answering?.parentSpanContext?.spanId).toBe(asking?.spanContext().spanId);
    expect(answering?.spanContext().traceId).toBe(request.spanContext().traceId);
  });

  test('a call that breaks is marked on both sides with its code, without the words of the error', async () => {
    await clientOver(peersAs('photo'))
      .authenticate({ accessToken: 'bug' })
      .catch(() => {});
    for (const span of recorder.spans()) {
      expect(span.attributes).toMatchObject({ 'error.type': 'INTERNAL' });
      expect(span.status).toEqual({ code: SpanStatusCode.ERROR });
      expect(JSON.stringify([span.attributes, span.events])).not.toContain('secret');
    }
    expect(recorder.spans()).toHaveLength(2);
  });

  test('the trace of a caller who cannot say who it is, is not continued', async () => {
    await clientOver(peersAs('stranger'))
      .authenticate({ accessToken: 'good' })
      .catch(() => {});
    expect(recorder.spans().map(({ kind }) => kind)).toEqual([SpanKind.CLIENT]);
  });
});

test('calls are timed on both sides by method and code, those of strangers too', async () => {
  const asked = await registry.getSingleMetricAsString('kilas_rpc_client_duration_seconds');
  const answered = await registry.getSingleMetricAsString('kilas_rpc_server_duration_seconds');
  const labels = 'rpc_service="kilas.user.v1.SessionService",rpc_method="Authenticate"';
  for (const code of ['OK', 'INTERNAL', 'UNAUTHENTICATED']) {
    expect(asked).toContain(`_count{service="photo",${labels},code="${code}"} 2`);
    expect(answered).toContain(`_count{service="user",${labels},code="${code}"} 2`);
  }
});
