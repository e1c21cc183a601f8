import { createPrivateKey, createPublicKey } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { Code, createClient } from '@connectrpc/connect';
import { SessionService } from '@kilas/contracts/gen/kilas/user/v1/session_service_pb.js';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { staticDiscovery } from '../discovery/static-discovery.ts';
import { ConfigError, parseEnv } from '../process/env.ts';
import { openLog } from '../process/log.ts';
import { makeAuthority } from '../testing/make-certificates.ts';
import type { RpcRoutes } from './rpc.ts';
import { balancedPeers } from './rpc-client.ts';
import { registerRpc, serveRpc, serverInterceptors } from './rpc-server.ts';
import { type RpcTls, rpcTlsEnv, rpcTlsOf } from './rpc-tls.ts';
import { createServiceSigner, createServiceVerifier, newServiceKey } from './service-token.ts';

const photo = newServiceKey();
const sign = createServiceSigner('photo', createPrivateKey(photo.privateKeyPem));
const verify = createServiceVerifier('user', { photo: createPublicKey(photo.publicKeyPem) });
const routes: RpcRoutes = (router) =>
  registerRpc(router, SessionService, { authenticate: ['photo'] }, { authenticate: () => ({ accountId: 'someone' }) });

const [ours, foreign] = [await makeAuthority(), await makeAuthority()];
if (ours === undefined) process.stderr.write('skipped: tests of TLS between services, there is no openssl here\n');

afterAll(async () => {
  for (const authority of [ours, foreign]) {
    if (authority !== undefined) await rm(authority.folder, { recursive: true, force: true });
  }
});

describe.skipIf(ours === undefined)('with certificates of an authority', () => {
  test('services call each other over TLS 1.3, at an address that is only numbers', async () => {
    const server = await serve(await filesOf(ours, 'kilas-user'));
    expect(server.url).toMatch(/^https:\/\/127/);
    await expect(ask(server.url, await filesOf(ours, 'kilas-photo'))).resolves.toBe('someone');
  });

  test('a replica whose certificate is for another service is not called', async () => {
    const server = await serve(await filesOf(ours, 'kilas-ai'));
    await expect(ask(server.url, await filesOf(ours, 'kilas-photo'))).rejects.toMatchObject({ code: Code.Unavailable });
  });

  test('a replica with the certificate of a foreign authority is not called', async () => {
    const server = await serve(await filesOf(foreign, 'kilas-user'));
    await expect(ask(server.url, await filesOf(ours, 'kilas-photo'))).rejects.toMatchObject({ code: Code.Unavailable });
  });

  test('where certificates are wanted of both, a caller without a good one does not get through, token or not', async () => {
    const server = await serve({ ...(await filesOf(ours, 'kilas-user')), isMutual: true });
    await expect(ask(server.url, await filesOf(ours, 'kilas-photo'))).resolves.toBe('someone');
    const stranger = { ...(await filesOf(foreign, 'kilas-photo')), ca: ours?.ca ?? '' };
    await expect(ask(server.url, stranger)).rejects.toMatchObject({ code: Code.Unavailable });
  });

  test('nobody talks in clear text to a service that speaks TLS', async () => {
    const server = await serve(await filesOf(ours, 'kilas-user'));
    await expect(ask(server.url.replace('https:', 'http:'))).rejects.toMatchObject({ code: Code.Unavailable });
  });
});

test('what is missing for TLS is named', () => {
  expect(rpcTlsOf(parseEnv(rpcTlsEnv, {}))).toBeUndefined();
  const config = parseEnv(rpcTlsEnv, { RPC_TLS: 'mutual', RPC_TLS_CERT_FILE: import.meta.filename });
  expect(() => rpcTlsOf(config)).toThrow(ConfigError);
  expect(() => rpcTlsOf(config)).toThrow(/RPC_TLS_KEY_FILE: needed.*\n.*RPC_TLS_CA_FILE: needed/);
  expect(() => parseEnv(rpcTlsEnv, { RPC_TLS_KEY_FILE: '/nowhere' })).toThrow(
    /RPC_TLS_KEY_FILE: the file cannot be read/,
  );
});

async function filesOf(authority: typeof ours, name: string): Promise<RpcTls> {
  if (authority === undefined) throw new Error('there is no openssl here');
  return { ...(await authority.issue(name)), ca: authority.ca, isMutual: false };
}

async function serve(tls: RpcTls) {
  const interceptors = serverInterceptors(verify, openLog('test', 'silent'));
  const server = await serveRpc({ host: '127.0.0.1', port: 0, routes, interceptors, tls });
  onTestFinished(() => server.stop());
  return server;
}

async function ask(url: string, tls?: RpcTls): Promise<string> {
  const discovery = staticDiscovery({ user: url });
  onTestFinished(() => discovery.close());
  const client = createClient(SessionService, balancedPeers(discovery, sign, tls)('user'));
  return (await client.authenticate({ accessToken: 'any' }, { timeoutMs: 5_000 })).accountId;
}
