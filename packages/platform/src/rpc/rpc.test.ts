import { createPrivateKey, createPublicKey } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { Code, ConnectError, createClient } from '@connectrpc/connect';
import { EventService } from '@kilas/contracts/gen/kilas/platform/v1/event_service_pb.js';
import { SessionService } from '@kilas/contracts/gen/kilas/user/v1/session_service_pb.js';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { refusalError, refusalOf } from '../problems/refusal.ts';
import { openLog } from '../process/log.ts';
import { currentRequestId, withRequestContext } from '../process/request-context.ts';
import type { Peers, RpcRoutes } from './rpc.ts';
import { grpcPeers, MemoryNetwork } from './rpc-client.ts';
import { callerOf, type RpcServer, registerRpc, serveRpc, serverInterceptors } from './rpc-server.ts';
import { createServiceSigner, createServiceVerifier, newServiceKey } from './service-token.ts';

const keys = { user: newServiceKey(), photo: newServiceKey(), ai: newServiceKey() };
const publicKeys = Object.fromEntries(
  Object.entries(keys).map(([name, key]) => [name, createPublicKey(key.publicKeyPem)]),
);
const signerOf = (name: keyof typeof keys, key = keys[name]) =>
  createServiceSigner(name, createPrivateKey(key.privateKeyPem));

/** `user`, which photo may call. It knows the token "good"; "upstream" stands for an error that came from elsewhere. */
const routes: RpcRoutes = (router) => {
  registerRpc(
    router,
    SessionService,
    { authenticate: ['photo'] },
    {
      authenticate({ accessToken }, context) {
        if (accessToken === 'upstream') {
          const error = new ConnectError('far away', Code.Unavailable);
          error.metadata.set('content-length', '9999');
          throw error;
        }
        if (accessToken === 'bug') throw new Error('secret detail');
        if (accessToken !== 'good') throw refusalError(Code.Unauthenticated, 'TOKEN_INVALID', { hint: 'x' });
        return { accountId: callerOf(context), sessionId: currentRequestId() ?? '' };
      },
    },
  );
};
const interceptors = serverInterceptors(createServiceVerifier('user', publicKeys), openLog('test', 'silent'));

const memory = new MemoryNetwork();
memory.serve('user', { routes, interceptors });
let server: RpcServer | undefined;

async function peersOver(kind: 'memory' | 'grpc', caller: keyof typeof keys, key = keys[caller]): Promise<Peers> {
  if (kind === 'memory') return memory.peersFor(signerOf(caller, key));
  server ??= await serveRpc({ host: '127.0.0.1', port: 0, routes, interceptors });
  return grpcPeers({ user: server.url }, signerOf(caller, key));
}

afterAll(() => server?.stop());

describe.each(['memory', 'grpc'] as const)('over %s', (kind) => {
  test('a call carries who calls and the request it belongs to', async () => {
    const client = createClient(SessionService, (await peersOver(kind, 'photo'))('user'));
    const answer = await withRequestContext({ requestId: 'request-1234' }, () =>
      client.authenticate({ accessToken: 'good' }),
    );
    expect(answer).toMatchObject({ accountId: 'photo', sessionId: 'request-1234' });
  });

  test('a service that is not on the list of a method is refused', async () => {
    const client = createClient(SessionService, (await peersOver(kind, 'ai'))('user'));
    await expect(client.authenticate({ accessToken: 'good' })).rejects.toMatchObject({ code: Code.PermissionDenied });
  });

  test('a token signed with another key than the service is known by is refused', async () => {
    const client = createClient(SessionService, (await peersOver(kind, 'photo', newServiceKey()))('user'));
    await expect(client.authenticate({ accessToken: 'good' })).rejects.toMatchObject({ code: Code.Unauthenticated });
  });

  test('a refusal keeps its reason and params', async () => {
    const client = createClient(SessionService, (await peersOver(kind, 'photo'))('user'));
    const error: unknown = await client.authenticate({ accessToken: 'bad' }).catch((caught: unknown) => caught);
    expect(refusalOf(error)).toEqual({ code: Code.Unauthenticated, reason: 'TOKEN_INVALID', params: { hint: 'x' } });
  });

  test("an upstream error's headers do not travel on", async () => {
    const client = createClient(SessionService, (await peersOver(kind, 'photo'))('user'));
    const error: unknown = await client.authenticate({ accessToken: 'upstream' }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: Code.Unavailable });
    expect(error instanceof ConnectError && [...error.metadata.keys()]).toEqual([]);
  });

  test('an unexpected error leaks nothing', async () => {
    const client = createClient(SessionService, (await peersOver(kind, 'photo'))('user'));
    const error: unknown = await client.authenticate({ accessToken: 'bug' }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: Code.Internal, rawMessage: 'internal error' });
  });

  test('a proto service nobody registered is unimplemented', async () => {
    const client = createClient(EventService, (await peersOver(kind, 'photo'))('user'));
    await expect(client.deliver({})).rejects.toMatchObject({ code: Code.Unimplemented });
  });
});

test('a service that left the process is unavailable, and reachable again when it comes back', async () => {
  const network = new MemoryNetwork();
  const client = createClient(SessionService, network.peersFor(signerOf('photo'))('user'));
  const leave = network.serve('user', { routes, interceptors });
  await client.authenticate({ accessToken: 'good' });
  leave();
  await expect(client.authenticate({ accessToken: 'good' })).rejects.toMatchObject({ code: Code.Unavailable });
  network.serve('user', { routes, interceptors });
  await expect(client.authenticate({ accessToken: 'good' })).resolves.toMatchObject({ accountId: 'photo' });
});

test.each([
  ['at once', (socket: Socket) => socket.resetAndDestroy()],
  ['in the middle', (socket: Socket) => socket.once('data', () => socket.resetAndDestroy())],
  ['in the middle, in order', (socket: Socket) => socket.once('data', () => socket.end())],
])('a service whose connection breaks %s is unavailable', async (_, treat) => {
  const dying = createServer(treat).listen(0, '127.0.0.1');
  onTestFinished(() => void dying.close());
  await once(dying, 'listening');
  const address = dying.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const client = createClient(SessionService, grpcPeers({ user: url }, signerOf('photo'))('user'));
  await expect(client.authenticate({ accessToken: 'good' })).rejects.toMatchObject({ code: Code.Unavailable });
});

test('a call to a service that hangs ends at its deadline', async () => {
  const network = new MemoryNetwork();
  network.serve('user', {
    interceptors,
    routes: (router) =>
      registerRpc(router, SessionService, { authenticate: ['photo'] }, { authenticate: () => new Promise(() => {}) }),
  });
  const client = createClient(SessionService, network.peersFor(signerOf('photo'))('user'));
  await expect(client.authenticate({}, { timeoutMs: 50 })).rejects.toMatchObject({ code: Code.DeadlineExceeded });
});
