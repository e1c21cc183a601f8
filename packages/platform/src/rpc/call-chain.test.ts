import { createPrivateKey, createPublicKey } from 'node:crypto';
import { Code, createClient } from '@connectrpc/connect';
import { PhotoService } from '@kilas/contracts/gen/kilas/photo/v1/photo_service_pb.js';
import { SessionService } from '@kilas/contracts/gen/kilas/user/v1/session_service_pb.js';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openLog } from '../process/log.ts';
import type { Peers, RpcRoutes } from './rpc.ts';
import { grpcPeers, MemoryNetwork } from './rpc-client.ts';
import { registerRpc, serveRpc, serverInterceptors } from './rpc-server.ts';
import { createServiceSigner, createServiceVerifier, newServiceKey } from './service-token.ts';

const keys = { upload: newServiceKey(), photo: newServiceKey() };
const publicKeys = Object.fromEntries(
  Object.entries(keys).map(([name, key]) => [name, createPublicKey(key.publicKeyPem)]),
);
const signerOf = (name: keyof typeof keys) => createServiceSigner(name, createPrivateKey(keys[name].privateKeyPem));
const interceptorsOf = (service: string) =>
  serverInterceptors(createServiceVerifier(service, publicKeys), openLog('test', 'silent'));

/** upload calls photo, which calls user, which answers nothing and tells what it hears. */
async function startChain(kind: 'memory' | 'grpc') {
  const user = { calls: 0, timeLeftMs: [] as (number | undefined)[], ended: 0 };
  const userRoutes: RpcRoutes = (router) =>
    registerRpc(
      router,
      SessionService,
      { authenticate: ['photo'] },
      {
        authenticate: async (_, { signal, timeoutMs }) => {
          user.calls += 1;
          user.timeLeftMs.push(timeoutMs());
          await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
          user.ended += 1;
          return {};
        },
      },
    );
  const photoRoutes =
    (peers: Peers): RpcRoutes =>
    (router) =>
      registerRpc(
        router,
        PhotoService,
        { checkEvent: [], registerPhoto: [], publishPhoto: [], failPhoto: ['upload'], readPhoto: [] },
        {
          checkEvent: () => ({}),
          registerPhoto: () => ({}),
          publishPhoto: () => ({}),
          readPhoto: () => ({}),
          failPhoto: async () => {
            await createClient(SessionService, peers('user')).authenticate({}, { timeoutMs: 200_000 });
            return {};
          },
        },
      );
  const peers = await connect(kind, userRoutes, photoRoutes);
  return { user, photo: createClient(PhotoService, peers('photo')) };
}

async function connect(kind: 'memory' | 'grpc', userRoutes: RpcRoutes, photoRoutes: (peers: Peers) => RpcRoutes) {
  if (kind === 'memory') {
    const network = new MemoryNetwork();
    network.serve('user', { routes: userRoutes, interceptors: interceptorsOf('user') });
    const routes = photoRoutes(network.peersFor(signerOf('photo')));
    network.serve('photo', { routes, interceptors: interceptorsOf('photo') });
    return network.peersFor(signerOf('upload'));
  }
  const serve = async (service: string, routes: RpcRoutes) => {
    const server = await serveRpc({ host: '127.0.0.1', port: 0, routes, interceptors: interceptorsOf(service) });
    onTestFinished(() => server.stop());
    return server.url;
  };
  const user = await serve('user', userRoutes);
  const photo = await serve('photo', photoRoutes(grpcPeers({ user }, signerOf('photo'))));
  return grpcPeers({ photo }, signerOf('upload'));
}

describe.each(['memory', 'grpc'] as const)('over %s', (kind) => {
  test('a call that a handler makes has no more time than the handler', async () => {
    const { user, photo } = await startChain(kind);
    const call = photo.failPhoto({}, { timeoutMs: 1_000 });
    await expect(call).rejects.toMatchObject({ code: Code.DeadlineExceeded });
    expect(user.timeLeftMs).toHaveLength(1);
    expect(user.timeLeftMs[0]).toBeLessThanOrEqual(1_000);
    await waitFor(() => user.ended === 1, { what: 'the last one to hear of the end' });
  });

  test('whoever gives a call up ends all that was called for it', async () => {
    const { user, photo } = await startChain(kind);
    const abort = new AbortController();
    const call = photo.failPhoto({}, { signal: abort.signal, timeoutMs: 200_000 });
    await waitFor(() => user.calls === 1, { what: 'the call to arrive' });
    abort.abort();
    await expect(call).rejects.toMatchObject({ code: Code.Canceled });
    await waitFor(() => user.ended === 1, { what: 'the last one to hear of the end' });
    expect(user.calls).toBe(1);
  });
});
