import { createPrivateKey, createPublicKey } from 'node:crypto';
import { Code, createClient } from '@connectrpc/connect';
import { SessionService } from '@kilas/contracts/gen/kilas/user/v1/session_service_pb.js';
import { findFreePort } from '@kilas/embedded/free-port.ts';
import { problems } from '@kilas/messages/problems.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { expect, test } from 'vitest';
import { openLog } from '../process/log.ts';
import { grpcPeers } from '../rpc/rpc-client.ts';
import { registerRpc } from '../rpc/rpc-server.ts';
import { createServiceSigner, createServiceVerifier, newServiceKey } from '../rpc/service-token.ts';
import { runService } from './run-service.ts';
import type { Service } from './service.ts';

const log = openLog('test', 'silent');
const key = newServiceKey();
const sign = createServiceSigner('photo', createPrivateKey(key.privateKeyPem));

test('a service that is never without a call stops all the same, and answers the calls it took', async () => {
  const running = new Set<() => void>();
  const comesToRest = Promise.withResolvers<void>();
  const service: Service = {
    name: 'user',
    log,
    verifyCaller: createServiceVerifier('user', { photo: createPublicKey(key.publicKeyPem) }),
    rpc: (router) =>
      registerRpc(
        router,
        SessionService,
        { authenticate: ['photo'] },
        {
          authenticate: async () => {
            await new Promise<void>((resolve) => running.add(resolve));
            return { accountId: 'answered' };
          },
        },
      ),
    http: () => {},
    work: async () => {},
    hold: async () => {
      comesToRest.resolve();
      await waitFor(() => running.size === 0, { what: 'no call to run' });
    },
    ready: async () => ({}),
    close: async () => {},
  };
  const stop = Promise.withResolvers<void>();
  const rpcPort = await findFreePort();
  const place = { host: '127.0.0.1', httpPort: 0, rpcPort, title: 'test', corsOrigins: [], trustedProxies: [] };
  const stopped = runService(service, { ...place, log, problems }, stop.promise);
  const client = createClient(SessionService, grpcPeers({ user: `http://127.0.0.1:${rpcPort}` }, sign)('user'));

  const taken = client.authenticate({}, { timeoutMs: 20_000 });
  await waitFor(() => running.size === 1, { what: 'the first call' });
  stop.resolve();
  await comesToRest.promise;
  await expect(client.authenticate({}, { timeoutMs: 500 })).rejects.toMatchObject({ code: Code.Unavailable });
  for (const finish of running) finish();
  running.clear();
  expect(await taken).toMatchObject({ accountId: 'answered' });
  await stopped;
});
